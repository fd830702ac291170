import { type GraphCall, GraphError } from "./graphCall.ts";
import { groupSeenBy } from "./groupSeenBy.ts";
import { page } from "./page.ts";
import { checkLicence, principalAskedFor } from "./principalFilter.ts";

/**
 * `GET /identityGovernance/privilegedAccess/group/eligibilityScheduleInstances`: groups that
 * somebody may join or own for a time (Privileged Identity Management for groups). Never met Graph.
 */
export const listGroupEligibilities: GraphCall = {
  method: "GET",
  path: /^\/identityGovernance\/privilegedAccess\/group\/eligibilityScheduleInstances$/,
  permissions: ["PrivilegedEligibilitySchedule.Read.AzureADGroup"],
  answer: ({ roles, groups, paging }, _segments, request, granted) => {
    const { eligibleInGroups, isLicensed } = roles.facts;
    checkLicence(isLicensed);
    const principal = principalAskedFor(request);
    const expand = request.query.get("$expand");
    if (expand !== null && expand !== "group")
      throw new GraphError(400, "BadRequest", "The local Graph expands nothing but the group.");
    const found = eligibleInGroups
      .filter(({ principalId }) => principalId === principal)
      .map(({ principalId, groupId, accessId }) => {
        const group = groups.find(groupId);
        return {
          id: `${groupId}_${accessId}_326a4063-93c5-4998-9537-969b8cd50297`,
          principalId,
          groupId,
          accessId,
          memberType: "Direct",
          startDateTime: "2026-01-18T00:33:48.8Z",
          endDateTime: null,
          ...(expand && group && { group: groupSeenBy(granted, group) }),
        };
      });
    const context = "identityGovernance/privilegedAccess/group/eligibilityScheduleInstances";
    return page(found, context, request, paging);
  },
};
