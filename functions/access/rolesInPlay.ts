import type { Origin, Request } from "@password-writeback/protocol/request.ts";
import { z } from "zod";
import type { ApiCall } from "../http/apiCall.ts";
import type { Parts } from "../parts.ts";
import type { HeldRoles } from "../people/roles.ts";

/** Roles that decide about one call. Each is read from Microsoft Graph once, if it decides. */
export interface RolesInPlay {
  /** What gives the caller rights. @throws ApiError `userFactsUnavailable` */
  caller(): Promise<ReadonlySet<string>>;
  /** @param id object id of the person it is about. @throws ApiError `userFactsUnavailable` */
  target(id: string): Promise<HeldRoles>;
}

interface Deed {
  readonly operation: Request["operation"];
  readonly origin: Origin;
}

/**
 * Whether a role that the person holds forbids this, whoever does it: people on their own account
 * by another proof than the current password, portals and automation may not touch the holders of
 * roles. A change with the current password by its owner proves more than any role demands.
 */
export function isClosedToRoleHolders(
  { operation, origin }: Deed,
  { selfServiceForRoleHolders }: Pick<Parts, "selfServiceForRoleHolders">,
): boolean {
  if (origin === "automation") return true;
  if (origin === "portal") return !selfServiceForRoleHolders;
  const byOtherProof = operation === "reset" || operation === "unlock";
  return origin === "self" && byOtherProof && !selfServiceForRoleHolders;
}

/**
 * Begins to read what will decide, before it is known who the person is: of whom the object id is
 * given, the roles are read beside everything else.
 * @param user object id or user principal name, as the caller gave it
 */
export function rolesInPlay(user: string, deed: Deed, call: ApiCall, parts: Parts): RolesInPlay {
  const byAdministrator = deed.origin === "admin";
  const caller = byAdministrator ? begun(parts.roles.rightsOf(call.caller.id)) : undefined;
  const decides = byAdministrator || isClosedToRoleHolders(deed, parts);
  const isId = z.guid().safeParse(user).success;
  const target = decides && isId ? begun(parts.roles.heldBy(user)) : undefined;
  return {
    caller: () => caller ?? parts.roles.rightsOf(call.caller.id),
    target: (id) =>
      target !== undefined && id.toLowerCase() === user.toLowerCase()
        ? target
        : parts.roles.heldBy(id),
  };
}

/** Somebody may be refused before anybody looks at this. */
function begun<T>(reading: Promise<T>): Promise<T> {
  reading.catch(() => {});
  return reading;
}
