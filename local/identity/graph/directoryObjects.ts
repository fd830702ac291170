import { randomUUID } from "node:crypto";
import type { Application } from "../application.ts";
import { GraphError } from "./graphCall.ts";

/** Microsoft Graph's own client id, the same in every tenant. */
export const GRAPH_CLIENT_ID = "00000003-0000-0000-c000-000000000000";

/** Permissions that the local Graph can grant: its app roles. */
const PERMISSIONS: readonly string[] = [
  "User.Read.All",
  "GroupMember.Read.All",
  "RoleManagement.Read.Directory",
  "PrivilegedEligibilitySchedule.Read.AzureADGroup",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Group.ReadWrite.All",
  "DelegatedPermissionGrant.ReadWrite.All",
  "RoleManagement.ReadWrite.Directory",
  "Directory.ReadWrite.All",
];

/** A scope or an app role. */
export interface Entitlement {
  readonly id: string;
  readonly value?: string | null | undefined;
  readonly isEnabled: boolean;
  /** Of an app role: whom it can be assigned to; groups count as users. */
  readonly allowedMemberTypes?: readonly string[];
}

/** A client that people use without being asked for consent. */
export interface PreAuthorizedApplication {
  readonly appId: string;
  readonly delegatedPermissionIds: readonly string[];
}

export interface ApplicationObject {
  readonly id: string;
  readonly appId: string;
  readonly uniqueName: string | null;
  readonly signInAudience: string;
  readonly identifierUris: readonly string[];
  readonly api: {
    readonly requestedAccessTokenVersion: number | null;
    readonly oauth2PermissionScopes: readonly Entitlement[];
    readonly preAuthorizedApplications?: readonly PreAuthorizedApplication[];
  };
  readonly appRoles: readonly Entitlement[];
  readonly optionalClaims: object | null;
  readonly keyCredentials: readonly { readonly key: string }[];
  /** Secrets; Graph tells of each all but the secret. */
  readonly passwordCredentials: readonly object[];
  /** Told by a call of its own. */
  readonly owners: readonly string[];
  readonly requiredResourceAccess: readonly object[];
  readonly web: { readonly redirectUris: readonly string[] };
}

export interface ServicePrincipalObject {
  readonly id: string;
  readonly appId: string;
  readonly appRoleAssignmentRequired: boolean;
  readonly servicePrincipalType: "Application" | "ManagedIdentity";
  /** Told by a call of its own; nobody, unless given. */
  readonly owners?: readonly string[];
}

export interface AppRoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly appRoleId: string;
}

/** Scopes of an API that a client may use for everybody, or for one person. */
export interface DelegatedGrant {
  readonly id: string;
  /** Object id of the client's service principal. */
  readonly clientId: string;
  readonly consentType: string;
  readonly resourceId: string;
  /** Names, with blanks between them. */
  readonly scope: string;
}

export interface SecurityGroup {
  readonly id: string;
  readonly uniqueName: string | null;
  readonly displayName: string;
  readonly isAssignableToRole: boolean;
  readonly securityEnabled: boolean;
  readonly members: readonly string[];
  readonly owners: readonly string[];
}

/**
 * Applications, service principals, app role assignments, consents and security groups of the
 * local tenant, as Graph keeps them. Lists are replaced, never altered, so that a test can compare
 * two moments.
 */
export class DirectoryObjects {
  applications: readonly ApplicationObject[] = [];
  servicePrincipals: readonly ServicePrincipalObject[];
  assignments: readonly AppRoleAssignment[] = [];
  delegatedGrants: readonly DelegatedGrant[] = [];
  groups: readonly SecurityGroup[] = [];
  private readonly graphRoles: readonly Entitlement[] = PERMISSIONS.map((value) => ({
    id: randomUUID(),
    value,
    isEnabled: true,
    allowedMemberTypes: ["Application"],
  }));

  /** @param known what the tenant begins with: each has a service principal */
  constructor(known: readonly Application[]) {
    this.servicePrincipals = [
      {
        id: randomUUID(),
        appId: GRAPH_CLIENT_ID,
        appRoleAssignmentRequired: false,
        servicePrincipalType: "Application" as const,
      },
      ...known.map(({ clientId, objectId, managedIdentity }) => ({
        id: objectId,
        appId: clientId,
        appRoleAssignmentRequired: false,
        servicePrincipalType: managedIdentity
          ? ("ManagedIdentity" as const)
          : ("Application" as const),
      })),
    ];
  }

  /** App roles that a service principal offers. */
  rolesOf({ appId }: ServicePrincipalObject): readonly Entitlement[] {
    if (appId === GRAPH_CLIENT_ID) return this.graphRoles;
    return this.applications.find((one) => one.appId === appId)?.appRoles ?? [];
  }

  /** Scopes that a service principal offers. */
  scopesOf({ appId }: ServicePrincipalObject): readonly Entitlement[] {
    return this.applications.find((one) => one.appId === appId)?.api.oauth2PermissionScopes ?? [];
  }

  /** Names of the app roles that a principal has, of all resources. */
  rolesGivenTo(principalId: string): string[] {
    return this.assignments
      .filter((one) => one.principalId === principalId)
      .map(({ resourceId, appRoleId }) => {
        const resource = this.servicePrincipals.find(({ id }) => id === resourceId);
        const role = resource && this.rolesOf(resource).find(({ id }) => id === appRoleId);
        return role?.value ?? appRoleId;
      });
  }

  /** @throws GraphError */
  servicePrincipal(id: string): ServicePrincipalObject {
    const found = this.servicePrincipals.find((one) => one.id === id);
    if (!found) throw notFound(id);
    return found;
  }
}

export const notFound = (key: string): GraphError =>
  new GraphError(404, "Request_ResourceNotFound", `Resource '${key}' does not exist.`);
