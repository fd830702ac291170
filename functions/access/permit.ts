import type { Origin, Request } from "@password-writeback/protocol/request.ts";
import type { ApiCall } from "../http/apiCall.ts";
import type { Parts } from "../parts.ts";
import type { UserFacts } from "../people/userFacts.ts";
import type { TenantSettings } from "../records/tenantSettings.ts";
import { administratorsRights } from "./administratorsRights.ts";
import { mayBeHelped } from "./mayBeHelped.ts";
import { notForRoleHolders } from "./notForRoleHolders.ts";
import { notManagementRestricted } from "./notManagementRestricted.ts";
import { onWhom } from "./onWhom.ts";
import type { RolesInPlay } from "./rolesInPlay.ts";
import { withinAutomation } from "./withinAutomation.ts";

/** What somebody wants to do to whose account, before it is decided whether they may. */
export interface Asked {
  readonly operation: Request["operation"];
  readonly origin: Origin;
  readonly facts: UserFacts;
  /** In force when the call was made. */
  readonly settings: TenantSettings;
  /** Of a reset: whether the new password is temporary. */
  readonly mustChange?: boolean;
  readonly call: ApiCall;
  readonly roles: RolesInPlay;
}

/** One rule. @throws ApiError where it forbids what is asked, or cannot tell */
export type Rule = (asked: Asked, parts: Parts) => Promise<void>;

/** In the order in which their refusals count: of several, the caller learns the first. */
const RULES: readonly Rule[] = [
  onWhom,
  notManagementRestricted,
  administratorsRights,
  withinAutomation,
  notForRoleHolders,
  mayBeHelped,
];

/**
 * Whether this may be done to this account. The rules are asked together, since most of them ask
 * somebody else.
 * @throws ApiError of the first rule that forbids it
 */
export async function permit(asked: Asked, parts: Parts): Promise<void> {
  const judged = await Promise.allSettled(RULES.map((rule) => rule(asked, parts)));
  for (const judgement of judged) if (judgement.status === "rejected") throw judgement.reason;
}
