import { applicationCalls } from "./applicationCalls.ts";
import { checkMemberGroups } from "./checkMemberGroups.ts";
import { delegatedGrantCalls } from "./delegatedGrantCalls.ts";
import { getGroup } from "./getGroup.ts";
import { getUser } from "./getUser.ts";
import type { GraphCall } from "./graphCall.ts";
import { listGroupEligibilities } from "./listGroupEligibilities.ts";
import { listMemberOf } from "./listMemberOf.ts";
import { listOwnedObjects } from "./listOwnedObjects.ts";
import { listRoleAssignments } from "./listRoleAssignments.ts";
import { listRoleEligibilities } from "./listRoleEligibilities.ts";
import { listTransitiveMemberOf } from "./listTransitiveMemberOf.ts";
import { securityGroupCalls } from "./securityGroupCalls.ts";
import { servicePrincipalCalls } from "./servicePrincipalCalls.ts";

/** The calls that the functions make. */
export const readCalls: readonly GraphCall[] = [
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

/** The calls that set up a tenant (`infra/entra`). */
const setupCalls: readonly GraphCall[] = [
  ...applicationCalls,
  ...servicePrincipalCalls,
  ...delegatedGrantCalls,
  ...securityGroupCalls,
];

/** Every call of Microsoft Graph that the local tenant answers. */
export const graphCalls: readonly GraphCall[] = [...readCalls, ...setupCalls];
