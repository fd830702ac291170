import { randomBytes } from "node:crypto";
import type { JWTPayload } from "jose";
import type { LocalCertificates } from "../certificates.ts";
import { serveJson } from "../http/jsonServer.ts";
import type { Application } from "./application.ts";
import type { Subject } from "./claims.ts";
import { jwksUri } from "./discovery.ts";
import { applicationsOf } from "./graph/applicationsOf.ts";
import { DirectoryObjects } from "./graph/directoryObjects.ts";
import { Graph } from "./graph/graph.ts";
import { Groups } from "./graph/groups.ts";
import type { Paging } from "./graph/page.ts";
import { Roles } from "./graph/roles.ts";
import { type IdentityCounters, IdentityRoutes } from "./identityRoutes.ts";
import { Issuer } from "./issuer.ts";
import { MANAGED_IDENTITY_PATH } from "./managedIdentity.ts";
import { type GraphPerson, People } from "./people.ts";
import { findResource } from "./resource.ts";
import { SigningKeys } from "./signingKeys.ts";

export interface IdentityOptions {
  readonly certificates: LocalCertificates;
  readonly tenantId: string;
  /** Port of authority and Graph; 0, the default: any free one. */
  readonly port?: number;
  readonly applications: readonly Application[];
  readonly people: readonly GraphPerson[];
  /** Milliseconds since 1970; the system's clock by default. */
  readonly clock?: () => number;
}

export interface MintOptions {
  /** Client id of an application, or the address of a Microsoft service. */
  readonly audience: string;
  readonly subject: Subject;
  /** 3600 by default. */
  readonly lifetimeSeconds?: number;
  /** Claims put in place of the true ones, to make tokens that must be refused. */
  readonly overrides?: JWTPayload;
}

export interface Identity {
  /** `https://127.0.0.1:PORT`: `authorityHost` of credentials. */
  readonly authority: string;
  /** Issuer of the tokens of our own API, version 2.0. */
  readonly issuer: string;
  readonly jwksUri: string;
  /** `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` of a process that has a managed identity. */
  readonly managedIdentityEndpoint: string;
  readonly managedIdentityHeader: string;
  /** In place of `https://graph.microsoft.com`, without `/v1.0`. */
  readonly graphUrl: string;
  readonly graph: Pick<Graph, "fail" | "recover">;
  readonly people: Pick<People, "set" | "find">;
  readonly groups: Pick<Groups, "set">;
  readonly roles: Pick<Roles, "set" | "facts">;
  /** What was registered by way of Graph. */
  readonly objects: DirectoryObjects;
  readonly paging: Paging;
  readonly counters: Readonly<IdentityCounters>;
  /** @throws {RangeError} if the tenant has no such audience. */
  mintToken(options: MintOptions): Promise<string>;
  /** @throws for a token that is not this tenant's, not for the audience, or not in its time. */
  verify(token: string, audience: string): Promise<JWTPayload>;
  /** Signs with a new key from now on; `withdraw` takes the old ones out of the key document. */
  rollKey(withdraw?: boolean): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the stand-in for Microsoft Entra ID (one tenant), the managed-identity endpoint of App
 * Service and Microsoft Graph. Everything is HTTPS on loopback, except the managed-identity
 * endpoint, which is plain HTTP in Azure too.
 * @throws the listen error if the port is taken.
 */
export async function startIdentity(options: IdentityOptions): Promise<Identity> {
  const { certificates, tenantId, applications, clock = Date.now } = options;
  const keys = await SigningKeys.create();
  const people = new People(options.people);
  const groups = new Groups();
  const roles = new Roles();
  const objects = new DirectoryObjects(applications);
  const paging: Paging = { largest: 999 };
  let routes: IdentityRoutes | undefined;
  const server = await serveJson({
    handle: async (request) => routes?.handle(request) ?? { status: 503 },
    port: options.port,
    tls: { certificates, name: "identity" },
  });
  const issuer = new Issuer({
    tenantId,
    authority: server.url,
    keys,
    clock,
    get applications() {
      return applicationsOf(objects, applications);
    },
  });
  const graph = new Graph(issuer, { people, groups, roles, objects, paging });
  const handler = new IdentityRoutes(issuer, graph);
  routes = handler;
  const managedIdentityHeader = randomBytes(24).toString("base64url");
  const managedIdentity = await serveJson({
    handle: (request) => handler.handleManagedIdentity(request, managedIdentityHeader),
  });
  return {
    authority: server.url,
    issuer: issuer.issuer("2.0"),
    jwksUri: jwksUri(server.url, tenantId),
    managedIdentityEndpoint: `${managedIdentity.url}${MANAGED_IDENTITY_PATH}`,
    managedIdentityHeader,
    graphUrl: server.url,
    graph,
    people,
    groups,
    roles,
    objects,
    paging,
    counters: handler.counters,
    async mintToken({ audience, subject, lifetimeSeconds = 3600, overrides }) {
      const resource = findResource(audience, issuer.options.applications);
      if (!resource) throw new RangeError(`The tenant has no resource ${audience}.`);
      return issuer.issue(resource, subject, lifetimeSeconds, overrides);
    },
    verify: (token, audience) => issuer.verify(token, audience),
    rollKey: (withdraw) => keys.roll(withdraw),
    async stop() {
      await Promise.all([server.stop(), managedIdentity.stop()]);
    },
  };
}
