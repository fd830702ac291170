import { z } from "zod";
import type { GraphList } from "./graphList.ts";

const GROUP = "#microsoft.graph.group";
const ROLE = "#microsoft.graph.directoryRole";
/** A role of which Graph may tell no more than that somebody holds it. */
const UNTOLD_ROLE = "untold";
/** What Graph answers where the tenant has no licence for Privileged Identity Management. */
export const NO_LICENCE = "AadPremiumLicenseRequired";

/**
 * Anything of the directory. Graph tells only type and id of what we may not read, and `null` for
 * all else: of a group, `securityEnabled` is never null, so that it shows whether the `null` of
 * `isAssignableToRole` means "no" or "not told".
 */
const directoryObject = z
  .object({
    "@odata.type": z.string().max(128),
    id: z.guid().toLowerCase(),
    isAssignableToRole: z.boolean().nullish(),
    securityEnabled: z.boolean().nullish(),
    roleTemplateId: z.guid().toLowerCase().nullish(),
  })
  .refine(
    (object) => object["@odata.type"] !== GROUP || typeof object.securityEnabled === "boolean",
    "a group that is not told",
  );
type DirectoryObject = z.infer<typeof directoryObject>;

/** `group` is asked for; a group that is not told counts as one that can hold roles. */
const eligibility = z.object({
  group: z
    .object({ isAssignableToRole: z.boolean().nullish(), securityEnabled: z.boolean().nullish() })
    .nullish(),
});

const SELECT = "$select=id,isAssignableToRole,securityEnabled,roleTemplateId";

/** What somebody is in now, through other groups too. */
export interface Joined {
  /** Object ids of groups that can hold Entra roles. */
  readonly groups: readonly string[];
  /** Built-in roles over the whole tenant that come of it, or are the person's own. */
  readonly roles: readonly string[];
}

const assignable = (objects: readonly DirectoryObject[]): string[] =>
  objects
    .filter((object) => object["@odata.type"] === GROUP && object.isAssignableToRole === true)
    .map(({ id }) => id);

/** Groups that can hold Entra roles, and how people belong to them. Ids are object ids. */
export class RoleGroups {
  private readonly list: GraphList;

  constructor(list: GraphList) {
    this.list = list;
  }

  /**
   * Those that somebody is a member of and not through other groups: a group within one gives its
   * members nothing, Entra does not even allow it.
   * @throws ApiError `userFactsUnavailable`
   */
  async directlyJoinedBy(userId: string): Promise<string[]> {
    return assignable(await this.memberships(userId, "memberOf"));
  }

  /** Those that somebody is in. @throws ApiError `userFactsUnavailable` */
  async joinedBy(userId: string): Promise<Joined> {
    const found = await this.memberships(userId, "transitiveMemberOf");
    const roles = found
      .filter((object) => object["@odata.type"] === ROLE)
      .map(({ roleTemplateId }) => roleTemplateId ?? UNTOLD_ROLE);
    return { groups: assignable(found), roles };
  }

  /** Those that somebody owns: an owner chooses the members. @throws ApiError */
  async ownedBy(userId: string): Promise<string[]> {
    const path = `/v1.0/users/${encodeURIComponent(userId)}/ownedObjects`;
    return assignable(await this.list(`${path}?${SELECT}`, directoryObject));
  }

  /**
   * Whether somebody may make themselves a member or an owner of one (Privileged Identity
   * Management for groups).
   * @throws ApiError `userFactsUnavailable`
   */
  async isEligible(userId: string): Promise<boolean> {
    const filter = encodeURIComponent(`principalId eq '${userId}'`);
    const path = `/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances`;
    const found = await this.list(`${path}?$filter=${filter}&$expand=group`, eligibility, {
      noneBy: NO_LICENCE,
    });
    return found.some(
      ({ group }) =>
        typeof group?.securityEnabled !== "boolean" || group.isAssignableToRole === true,
    );
  }

  private memberships(userId: string, relation: string): Promise<DirectoryObject[]> {
    const path = `/v1.0/users/${encodeURIComponent(userId)}/${relation}`;
    return this.list(`${path}?${SELECT}&$top=999`, directoryObject);
  }
}
