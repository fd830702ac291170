import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import { ApiError } from "../http/apiError.ts";
import type { TenantSettings } from "../records/tenantSettings.ts";
import type { Asked, Rule } from "./permit.ts";

type SelfService = TenantSettings["selfService"];

/** What the tenant's settings are judged against. */
export type HelpAsked = Pick<Asked, "operation" | "origin" | "mustChange" | "settings"> & {
  readonly facts: Pick<Asked["facts"], "servicePlans">;
};

/** Whether it is a person's own doing, through whatever client. */
const isSelfService = ({ origin }: HelpAsked): boolean => origin === "self" || origin === "portal";

/**
 * Why the settings of the tenant forbid what is asked, as far as no group has to be looked into
 * (`docs/tenantSettings.md`).
 */
export function refusalBySettings(asked: HelpAsked): ErrorCode | undefined {
  const { features } = asked.settings;
  if (!features.passwordWritebackEnabled) return "writebackDisabled";
  return isSelfService(asked) ? refusalOfSelfService(asked) : refusalOfHelper(asked);
}

function refusalOfSelfService({ operation, settings, facts }: HelpAsked): ErrorCode | undefined {
  const { scope, licenseRequired, servicePlans } = settings.selfService;
  if (scope === "none") return "selfServiceDisabled";
  if (operation === "unlock" && !settings.features.accountUnlockEnabled) return "unlockDisabled";
  const isLicensed = facts.servicePlans.some((plan) => servicePlans.includes(plan));
  return licenseRequired && !isLicensed ? "userNotLicensed" : undefined;
}

/**
 * Of administrators, and of programs in their place. A question for the rules is asked before a
 * reset, and so as little allowed.
 */
function refusalOfHelper(asked: HelpAsked): ErrorCode | undefined {
  const { passwordResetEnabled, mustChangeRequired } = asked.settings.administrators;
  const isAboutReset = asked.operation === "reset" || asked.operation === "passwordRules";
  if (isAboutReset && !passwordResetEnabled) return "adminResetDisabled";
  const isLasting = asked.operation === "reset" && asked.mustChange !== true;
  return isLasting && mustChangeRequired ? "mustChangeRequired" : undefined;
}

/** The groups that decide whether somebody is in the scope of self-service. */
const groupsOf = ({ scope, includeGroups, excludeGroups }: SelfService): readonly string[] =>
  scope === "selected" ? [...includeGroups, ...excludeGroups] : excludeGroups;

/** @param held those of the groups of the settings that the person is in */
export function refusalByGroups(
  { scope, includeGroups, excludeGroups }: SelfService,
  held: ReadonlySet<string>,
): ErrorCode | undefined {
  if (excludeGroups.some((id) => held.has(id))) return "userExcluded";
  const isIncluded = scope === "all" || includeGroups.some((id) => held.has(id));
  return isIncluded ? undefined : "userNotInScope";
}

/**
 * Holds everybody to the settings of the tenant. Graph is asked only where groups decide.
 * @throws ApiError with the code of the setting, `userFactsUnavailable`
 */
export const mayBeHelped: Rule = async (asked, { memberships }) => {
  const { selfService } = asked.settings;
  const refusal =
    refusalBySettings(asked) ??
    (isSelfService(asked)
      ? refusalByGroups(
          selfService,
          await memberships.isMemberOf(asked.facts.id, groupsOf(selfService)),
        )
      : undefined);
  if (refusal !== undefined) throw new ApiError(refusal);
};
