import { randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import type { Application } from "./application.ts";
import type { Resource } from "./resource.ts";

/** How the client proved itself: public client, secret, certificate or managed identity. */
export type ClientProof = "0" | "1" | "2";

export interface AppSubject {
  readonly kind: "app";
  readonly application: Application;
  /** `2`, certificate or managed identity, unless told. */
  readonly clientProof?: ClientProof;
}

export interface UserSubject {
  readonly kind: "user";
  /** Object id of the user. */
  readonly objectId: string;
  readonly userPrincipalName: string;
  readonly client: Application;
  /** `0`, public client, unless told. */
  readonly clientProof?: ClientProof;
  readonly scopes: readonly string[];
  readonly roles?: readonly string[];
  /** Authentication contexts that the sign-in satisfied. */
  readonly contexts?: readonly string[];
  /** What the client declares; `cp1`: it understands claims challenges. */
  readonly capabilities?: readonly string[];
  /** Seconds since 1970 at which the user signed in. */
  readonly signedInAt?: number;
}

export type Subject = AppSubject | UserSubject;

export interface Issue {
  readonly tenantId: string;
  /** The issuer that fits the resource's token version. */
  readonly issuer: string;
  readonly resource: Resource;
  readonly subject: Subject;
  readonly now: Date;
  readonly lifetimeSeconds: number;
}

function clientClaims(version: Resource["version"], client: Application, proof: ClientProof) {
  return version === "2.0"
    ? { azp: client.clientId, azpacr: proof }
    : { appid: client.clientId, appidacr: proof };
}

function appClaims(subject: AppSubject, resource: Resource): JWTPayload {
  const { application, clientProof = "2" } = subject;
  const roles = application.appRoles?.[resource.audience] ?? [];
  return {
    ...clientClaims(resource.version, application, clientProof),
    idtyp: "app",
    oid: application.objectId,
    sub: application.objectId,
    ...(roles.length > 0 && { roles: [...roles] }),
  };
}

function userClaims(subject: UserSubject, resource: Resource): JWTPayload {
  const { objectId, userPrincipalName, client, clientProof = "0", scopes } = subject;
  const { roles = [], contexts = [], capabilities = [], signedInAt } = subject;
  return {
    ...clientClaims(resource.version, client, clientProof),
    idtyp: "user",
    oid: objectId,
    // Pairwise in Entra: nobody may take it for the object id.
    sub: Buffer.from(`${objectId} at ${resource.audience}`).toString("base64url"),
    ...(resource.version === "2.0"
      ? { preferred_username: userPrincipalName }
      : { upn: userPrincipalName }),
    scp: scopes.join(" "),
    ...(roles.length > 0 && { roles: [...roles] }),
    ...(contexts.length > 0 && { acrs: [...contexts] }),
    ...(capabilities.length > 0 && { xms_cc: [...capabilities] }),
    ...(signedInAt !== undefined && { auth_time: signedInAt }),
  };
}

/** Claims of an access token as Entra writes them (access token claims reference). */
export function accessTokenClaims(issue: Issue): JWTPayload {
  const { tenantId, issuer, resource, subject, now, lifetimeSeconds } = issue;
  const issuedAt = Math.floor(now.getTime() / 1000);
  return {
    aud: resource.audience,
    iss: issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
    ...(subject.kind === "app" ? appClaims(subject, resource) : userClaims(subject, resource)),
    tid: tenantId,
    uti: randomBytes(16).toString("base64url"),
    ver: resource.version,
  };
}
