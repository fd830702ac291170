import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import { isEnabled } from "./accountEnabled.ts";
import type { GraphCall } from "./graph.ts";
import { type GraphList, graphLister } from "./graphList.ts";
import { NO_LICENCE, RoleGroups } from "./roleGroups.ts";

/**
 * `roleAssignableGroup`: is a member or an owner of a group that can hold roles, or may become one.
 * `scopedRole`: holds a role over a part of the tenant, such as an administrative unit.
 */
export type RoleMark = "roleAssignableGroup" | "scopedRole";

/** Everything that makes an account worth stealing: what it may do, and what it may come to do. */
export interface HeldRoles {
  /** Ids of role definitions (of built-in ones the template ids); of one not told, no id. */
  readonly roles: ReadonlySet<string>;
  readonly marks: ReadonlySet<RoleMark>;
}

/** Whether anything at all is held. */
export const holdsRole = ({ roles, marks }: HeldRoles): boolean => roles.size > 0 || marks.size > 0;

/** Groups whose roles are read for one caller. */
const MOST_GROUPS = 20;
const TENANT = "/";

const assignment = z.object({
  principalId: z.guid().toLowerCase(),
  roleDefinitionId: z.guid().toLowerCase(),
  directoryScopeId: z.string().max(256).nullish(),
});
type Assignment = z.infer<typeof assignment>;

/**
 * Reads from Microsoft Graph which Entra roles people hold: anew each time, since a role that was
 * given or taken a moment ago decides.
 */
export class Roles {
  private readonly graph: GraphCall;
  private readonly list: GraphList;
  private readonly groups: RoleGroups;

  /** @param graphUrl of Microsoft Graph, without a trailing slash */
  constructor(graph: GraphCall, graphUrl: string) {
    this.graph = graph;
    this.list = graphLister(graph, graphUrl);
    this.groups = new RoleGroups(this.list);
  }

  /**
   * Roles that give somebody rights in the whole tenant at this moment: their own, and those of
   * role-assignable groups that they themselves are members of. A disabled account has none.
   * @param objectId in either case
   * @returns ids of role definitions
   * @throws ApiError `userFactsUnavailable`
   */
  async rightsOf(objectId: string): Promise<ReadonlySet<string>> {
    const id = asGraphWrites(objectId);
    const [enabled, own, groups] = await Promise.all([
      isEnabled(this.graph, id),
      this.assignments(id),
      this.groups.directlyJoinedBy(id),
    ]);
    if (!enabled) return new Set();
    if (groups.length > MOST_GROUPS) throw new ApiError("userFactsUnavailable");
    const through = await Promise.all(groups.map((group) => this.assignments(group)));
    return new Set([
      ...rightsIn(own, id),
      ...through.flatMap((held, at) => rightsIn(held, groups[at] ?? "")),
    ]);
  }

  /**
   * What somebody holds or may come to hold, at whatever scope.
   * @param objectId in either case
   * @throws ApiError `userFactsUnavailable`
   */
  async heldBy(objectId: string): Promise<HeldRoles> {
    const id = asGraphWrites(objectId);
    const [active, eligible, joined, owned, isEligible] = await Promise.all([
      this.assignments(id),
      this.eligible(id),
      this.groups.joinedBy(id),
      this.groups.ownedBy(id),
      this.groups.isEligible(id),
    ]);
    const assigned = [...active, ...eligible];
    const marks = new Set<RoleMark>();
    if (joined.groups.length > 0 || owned.length > 0 || isEligible)
      marks.add("roleAssignableGroup");
    if (assigned.some((held) => held.directoryScopeId !== TENANT)) marks.add("scopedRole");
    const ids = assigned.map((held) => held.roleDefinitionId);
    return { roles: new Set([...ids, ...joined.roles]), marks };
  }

  /** Whether an account may sign in at this moment. @throws ApiError `userFactsUnavailable` */
  isEnabled(objectId: string): Promise<boolean> {
    return isEnabled(this.graph, objectId);
  }

  private assignments(principal: string): Promise<Assignment[]> {
    return this.list(`/v1.0/roleManagement/directory/roleAssignments?${of(principal)}`, assignment);
  }

  private eligible(principal: string): Promise<Assignment[]> {
    const path = "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances";
    return this.list(`${path}?${of(principal)}`, assignment, { noneBy: NO_LICENCE });
  }
}

const of = (principal: string): string =>
  `$filter=${encodeURIComponent(`principalId eq '${principal}'`)}`;

/**
 * An id becomes a part of an expression, and Graph keeps `principalId` as text: written otherwise
 * than there it might find nothing, and nobody would seem to hold anything.
 */
function asGraphWrites(id: string): string {
  const { success, data } = z.guid().toLowerCase().safeParse(id);
  if (!success) throw new ApiError("userFactsUnavailable");
  return data;
}

/** A right must be the principal's own, whatever Graph was asked for. */
const rightsIn = (assignments: readonly Assignment[], principal: string): string[] =>
  assignments
    .filter(
      ({ principalId, directoryScopeId }) =>
        principalId === principal && directoryScopeId === TENANT,
    )
    .map(({ roleDefinitionId }) => roleDefinitionId);
