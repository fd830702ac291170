import type { GraphPerson } from "../identity/people.ts";
import { DOMAIN, SAMPLE_USERS, userPrincipalName } from "../samples.ts";
import type { SeededUsers } from "../seed.ts";
import { ADMINISTRATORS } from "./tenant.ts";

/** Microsoft Entra ID P1, which everybody in the sample tenant has but one. */
const LICENCE = {
  servicePlanId: "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
  service: "AADPremiumService",
  capabilityStatus: "Enabled",
};
const WITHOUT_LICENCE = "nora";

/** The sample people as Microsoft Graph knows them, with the SIDs that the directory gave them. */
export function graphPeople(seeded: SeededUsers): GraphPerson[] {
  const administrators = Object.values(ADMINISTRATORS).map((administrator) => ({
    id: administrator.objectId,
    userPrincipalName: administrator.userPrincipalName,
    accountEnabled: true,
    userType: "Member",
  }));
  const samples = SAMPLE_USERS.map((user): GraphPerson => {
    const facts = seeded.get(user.name);
    return {
      id: user.id,
      userPrincipalName: userPrincipalName(user),
      displayName: `${user.givenName} ${user.surname}`,
      accountEnabled: user.about !== "disabled",
      userType: "Member",
      assignedPlans: user.name === WITHOUT_LICENCE ? [] : [LICENCE],
      ...(facts && {
        onPremisesSyncEnabled: true,
        onPremisesImmutableId: user.sourceAnchor,
        onPremisesSecurityIdentifier: facts.sid,
        onPremisesDomainName: DOMAIN,
        onPremisesSamAccountName: user.name,
      }),
    };
  });
  return [...samples, ...administrators];
}
