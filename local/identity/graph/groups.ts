/** A group of the local tenant; members are object ids of people or of other groups. */
export interface Group {
  readonly id: string;
  readonly members: readonly string[];
  /** Object ids of people. */
  readonly owners?: readonly string[];
  /** Whether the group can hold Entra roles. */
  readonly isAssignableToRole?: boolean;
  /** Who is in a group of `HiddenMembership` is shown to members alone. */
  readonly visibility?: "Private" | "HiddenMembership";
}

/** The groups of the local tenant; the list can be replaced while the stand-in runs. */
export class Groups {
  private byId = new Map<string, Group>();

  set(list: readonly Group[]): void {
    this.byId = new Map(list.map((group) => [group.id.toLowerCase(), group]));
  }

  find(id: string): Group | undefined {
    return this.byId.get(id.toLowerCase());
  }

  ownedBy(objectId: string): Group[] {
    return [...this.byId.values()].filter(({ owners = [] }) =>
      owners.some((owner) => owner.toLowerCase() === objectId.toLowerCase()),
    );
  }

  /** The groups that hold an object themselves. */
  directlyHolding(objectId: string): Group[] {
    return [...this.byId.values()].filter(({ members }) =>
      members.some((member) => member.toLowerCase() === objectId.toLowerCase()),
    );
  }

  /** Ids of the groups that hold an object, directly or through other groups, in lower case. */
  holding(objectId: string): ReadonlySet<string> {
    const found = new Set<string>();
    const open = [objectId.toLowerCase()];
    for (let member = open.pop(); member !== undefined; member = open.pop())
      for (const [id, { members }] of this.byId)
        if (!found.has(id) && members.some((other) => other.toLowerCase() === member)) {
          found.add(id);
          open.push(id);
        }
    return found;
  }
}
