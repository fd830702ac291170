/** A role of somebody, or of a group that can hold roles: assigned, or eligible. */
export interface RoleAssignment {
  /** Object id. */
  readonly principalId: string;
  /** Template id of a built-in role, id of a custom one. */
  readonly roleDefinitionId: string;
  /** `/`, the whole tenant, unless told. */
  readonly directoryScopeId?: string;
}

/** A group that somebody may make themselves a member or an owner of. */
export interface GroupEligibility {
  readonly principalId: string;
  readonly groupId: string;
  readonly accessId: "member" | "owner";
}

export interface RoleFacts {
  readonly assigned?: readonly RoleAssignment[];
  readonly eligible?: readonly RoleAssignment[];
  readonly eligibleInGroups?: readonly GroupEligibility[];
  /** Whether the tenant has a licence for Privileged Identity Management: yes unless told. */
  readonly isLicensed?: boolean;
}

/** The Entra roles of the local tenant; they can be replaced while the stand-in runs. */
export class Roles {
  private held: RoleFacts = {};

  set(held: RoleFacts): void {
    this.held = held;
  }

  get facts(): Required<RoleFacts> {
    return { assigned: [], eligible: [], eligibleInGroups: [], isLicensed: true, ...this.held };
  }
}
