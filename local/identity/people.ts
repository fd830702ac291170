import type { User } from "@microsoft/microsoft-graph-types";

type Known =
  | "displayName"
  | "accountEnabled"
  | "onPremisesSyncEnabled"
  | "onPremisesImmutableId"
  | "onPremisesSecurityIdentifier"
  | "onPremisesDomainName"
  | "onPremisesSamAccountName"
  | "isManagementRestricted"
  | "userType"
  | "assignedPlans";

/**
 * A user as Microsoft Graph knows it; what is left out reads as `null` there.
 * `onPremisesImmutableId` is the source anchor in Base64.
 */
export type GraphPerson = Pick<User, Known> & {
  readonly id: string;
  readonly userPrincipalName: string;
};

/** Properties that can be selected: the members of `GraphPerson`, complete by its type. */
const SELECTABLE: Readonly<Record<keyof GraphPerson, true>> = {
  id: true,
  userPrincipalName: true,
  displayName: true,
  accountEnabled: true,
  onPremisesSyncEnabled: true,
  onPremisesImmutableId: true,
  onPremisesSecurityIdentifier: true,
  onPremisesDomainName: true,
  onPremisesSamAccountName: true,
  isManagementRestricted: true,
  userType: true,
  assignedPlans: true,
};

export const isSelectable = (name: string): name is keyof GraphPerson =>
  Object.hasOwn(SELECTABLE, name);

/** The users of the local tenant; the list can be replaced while the stand-in runs. */
export class People {
  private list: readonly GraphPerson[];

  constructor(list: readonly GraphPerson[]) {
    this.list = list;
  }

  set(list: readonly GraphPerson[]): void {
    this.list = [...list];
  }

  /** By object id or user principal name, neither of them case-sensitive. */
  find(key: string): GraphPerson | undefined {
    const wanted = key.toLowerCase();
    return this.list.find(
      ({ id, userPrincipalName }) =>
        id.toLowerCase() === wanted || userPrincipalName.toLowerCase() === wanted,
    );
  }
}
