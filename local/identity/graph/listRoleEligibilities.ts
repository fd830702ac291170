import type { GraphCall } from "./graphCall.ts";
import { page } from "./page.ts";
import { checkLicence, principalAskedFor } from "./principalFilter.ts";

/**
 * `GET /roleManagement/directory/roleEligibilityScheduleInstances`: what may be activated. Never
 * met Graph.
 */
export const listRoleEligibilities: GraphCall = {
  method: "GET",
  path: /^\/roleManagement\/directory\/roleEligibilityScheduleInstances$/,
  permissions: [
    "RoleEligibilitySchedule.Read.Directory",
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
  ],
  answer: ({ roles, paging }, _segments, request) => {
    const { eligible, isLicensed } = roles.facts;
    checkLicence(isLicensed);
    const principal = principalAskedFor(request);
    const found = eligible
      .filter(({ principalId }) => principalId === principal)
      .map((held, at) => ({
        id: `${Buffer.from(held.principalId).toString("base64url")}-${at}-e`,
        principalId: held.principalId,
        roleDefinitionId: held.roleDefinitionId,
        directoryScopeId: held.directoryScopeId ?? "/",
        appScopeId: null,
        startDateTime: "2026-01-12T14:44:50.287Z",
        endDateTime: null,
        memberType: "Direct",
        roleEligibilityScheduleId: "77f71919-62f3-4d0c-9f88-0a0391b665cd",
      }));
    return page(
      found,
      "roleManagement/directory/roleEligibilityScheduleInstances",
      request,
      paging,
    );
  },
};
