import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import type { UserSubject } from "../../../../local/identity/claims.ts";
import {
  AGENT,
  API,
  FUNCTIONS,
  startTenant,
  TENANT,
  type Tenant,
} from "../../../contract/identityFixture.ts";
import { httpsCall } from "../https.ts";

const NOW = Date.UTC(2026, 10, 3, 12);
const HOUR = 3600;
let now = NOW;
let tenant: Tenant;

beforeAll(async () => {
  tenant = await startTenant(() => now);
});
afterAll(() => tenant.stop());
beforeEach(() => {
  now = NOW;
});

const user: UserSubject = {
  kind: "user",
  objectId: "5a3f1c00-0000-4000-8000-0000000000f1",
  userPrincipalName: "alex@corp.example",
  client: AGENT,
  scopes: ["Password.Change", "Password.Reset"],
};
const mint = (overrides?: JWTPayload) =>
  tenant.identity.mintToken({ audience: API.clientId, subject: user, overrides });

test("a user's token has the claims of an Entra token of version 2", async () => {
  expect(decodeJwt(await mint())).toMatchObject({
    aud: API.clientId,
    iss: tenant.identity.issuer,
    tid: TENANT,
    oid: user.objectId,
    preferred_username: "alex@corp.example",
    scp: "Password.Change Password.Reset",
    azp: AGENT.clientId,
    azpacr: "0",
    idtyp: "user",
    ver: "2.0",
    iat: NOW / 1000,
    nbf: NOW / 1000,
    exp: NOW / 1000 + HOUR,
  });
  const { roles, uti, sub } = decodeJwt(await mint());
  expect(roles).toBeUndefined();
  expect(uti).toEqual(expect.any(String));
  expect(sub).not.toBe(user.objectId);
});

test("assigned roles and a client's proof come in", async () => {
  const subject: UserSubject = { ...user, clientProof: "2", roles: ["Helpdesk"] };
  const token = await tenant.identity.mintToken({ audience: API.clientId, subject });
  expect(decodeJwt(token)).toMatchObject({ roles: ["Helpdesk"], azpacr: "2" });
});

test("a stronger sign-in, its time and what the client can come in; an application may have a secret", async () => {
  const subject: UserSubject = {
    ...user,
    contexts: ["c1"],
    capabilities: ["cp1"],
    signedInAt: NOW / 1000 - 60,
  };
  const token = await tenant.identity.mintToken({ audience: API.clientId, subject });
  expect(decodeJwt(token)).toMatchObject({
    acrs: ["c1"],
    xms_cc: ["cp1"],
    auth_time: NOW / 1000 - 60,
  });
  expect(Object.keys(decodeJwt(await mint()))).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(acrs|xms_cc|auth_time)$/)]),
  );
  const bySecret = { kind: "app", application: AGENT, clientProof: "1" } as const;
  const secret = await tenant.identity.mintToken({ audience: API.clientId, subject: bySecret });
  expect(decodeJwt(secret)).toMatchObject({ azpacr: "1" });
});

test("an application's token has its roles for that resource and no scope", async () => {
  const claims = decodeJwt(
    await tenant.identity.mintToken({
      audience: API.clientId,
      subject: { kind: "app", application: AGENT },
    }),
  );
  expect(claims).toMatchObject({ idtyp: "app", roles: ["Agent.Heartbeat"], azpacr: "2" });
  expect(claims.scp).toBeUndefined();
});

test("the published keys verify it, the authority's documents agree", async () => {
  const { identity, certificates } = tenant;
  const document = `${identity.authority}/${TENANT}/v2.0/.well-known/openid-configuration`;
  const { json } = await httpsCall(document, { ca: certificates.ca });
  expect(json).toMatchObject({ issuer: identity.issuer, jwks_uri: identity.jwksUri });
  const keys = (await httpsCall(identity.jwksUri, { ca: certificates.ca })).json;
  const { payload } = await jwtVerify(await mint(), createLocalJWKSet(keys as JSONWebKeySet), {
    issuer: identity.issuer,
    audience: API.clientId,
    currentDate: new Date(NOW),
  });
  expect(payload.oid).toBe(user.objectId);
});

test("a rolled key signs from then on; the old one holds until it is withdrawn", async () => {
  const old = await mint();
  await tenant.identity.rollKey();
  await tenant.identity.verify(old, API.clientId);
  const fresh = await mint();
  await tenant.identity.rollKey(true);
  await expect(tenant.identity.verify(fresh, API.clientId)).rejects.toThrow();
  await tenant.identity.verify(await mint(), API.clientId);
});

test.each<[string, JWTPayload]>([
  ["audience", { aud: FUNCTIONS.clientId }],
  ["issuer", { iss: "https://login.contoso.example/v2.0" }],
  ["end", { exp: NOW / 1000 - 1 }],
  ["beginning", { nbf: NOW / 1000 + 600 }],
  ["object id", { oid: undefined }],
])("a token with a wrong %s is not verified", async (_claim, overrides) => {
  const token = await mint(overrides);
  await expect(tenant.identity.verify(token, API.clientId)).rejects.toThrow();
});

test("a token ends with its lifetime", async () => {
  const token = await mint();
  now += (HOUR - 1) * 1000;
  await tenant.identity.verify(token, API.clientId);
  now += 2000;
  await expect(tenant.identity.verify(token, API.clientId)).rejects.toThrow("exp");
});

test("there is no token for a resource that the tenant doesn't have", async () => {
  const wanted = tenant.identity.mintToken({ audience: "https://contoso.example", subject: user });
  await expect(wanted).rejects.toThrow(RangeError);
});
