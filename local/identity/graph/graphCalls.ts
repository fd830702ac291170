import { checkMemberGroups } from "./checkMemberGroups.ts";
import { getGroup } from "./getGroup.ts";
import { getUser } from "./getUser.ts";
import type { GraphCall } from "./graphCall.ts";
import { listGroupEligibilities } from "./listGroupEligibilities.ts";
import { listMemberOf } from "./listMemberOf.ts";
import { listOwnedObjects } from "./listOwnedObjects.ts";
import { listRoleAssignments } from "./listRoleAssignments.ts";
import { listRoleEligibilities } from "./listRoleEligibilities.ts";
import { listTransitiveMemberOf } from "./listTransitiveMemberOf.ts";

/** Every call of Microsoft Graph that the local tenant answers. */
export const graphCalls: readonly GraphCall[] = [
  getUser,
  checkMemberGroups,
  getGroup,
  listMemberOf,
  listTransitiveMemberOf,
  listOwnedObjects,
  listRoleAssignments,
  listRoleEligibilities,
  listGroupEligibilities,
];
