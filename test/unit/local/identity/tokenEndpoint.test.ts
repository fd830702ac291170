import { createHash, randomUUID, X509Certificate } from "node:crypto";
import { importPKCS8, type JWTPayload, SignJWT } from "jose";
import { ASSERTION_TYPE } from "../../../../local/identity/clientAssertion.ts";
import { AGENT, API, startTenant, TENANT, type Tenant } from "../../../contract/identityFixture.ts";
import { httpsCall } from "../https.ts";

const SECOND = 1000;
let tenant: Tenant;
let now = Date.now();
let endpoint: string;

beforeAll(async () => {
  tenant = await startTenant(() => now);
  endpoint = `${tenant.identity.authority}/${TENANT}/oauth2/v2.0/token`;
});
afterAll(() => tenant.stop());

interface Assertion {
  readonly alg?: string;
  readonly hash?: "sha1" | "sha256";
  readonly pem?: string;
  readonly claims?: JWTPayload;
}

async function assertion(change: Assertion = {}): Promise<string> {
  const { alg = "PS256", hash = "sha256", pem = tenant.agentPem, claims } = change;
  const registered = new X509Certificate(
    tenant.agentPem.slice(tenant.agentPem.indexOf("-----BEGIN C")),
  );
  const thumbprint = createHash(hash).update(registered.raw).digest("base64url");
  const seconds = Math.floor(now / SECOND);
  return new SignJWT({
    iss: AGENT.clientId,
    sub: AGENT.clientId,
    aud: endpoint,
    jti: randomUUID(),
    nbf: seconds,
    exp: seconds + 600,
    ...claims,
  })
    .setProtectedHeader({ alg, typ: "JWT", [hash === "sha1" ? "x5t" : "x5t#S256"]: thumbprint })
    .sign(await importPKCS8(pem.slice(0, pem.indexOf("-----BEGIN C")), alg));
}

const ask = (form: Record<string, string>) =>
  httpsCall(endpoint, {
    ca: tenant.certificates.ca,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: AGENT.clientId,
      scope: `api://${API.clientId}/.default`,
      client_assertion_type: ASSERTION_TYPE,
      ...form,
    }).toString(),
  });

test.each<[string, Assertion]>([
  ["PS256, SHA-256 thumbprint", {}],
  ["RS256, SHA-1 thumbprint", { alg: "RS256", hash: "sha1" }],
])("%s is taken", async (_case, change) => {
  const { status, json } = await ask({ client_assertion: await assertion(change) });
  expect(status).toBe(200);
  expect(json).toMatchObject({ token_type: "Bearer", expires_in: 3599 });
});

test.each<[string, Assertion, number]>([
  ["another key under the registered thumbprint", { pem: "stranger" }, 700027],
  ["another algorithm", { alg: "RS512" }, 700027],
  ["another issuer", { claims: { iss: API.clientId } }, 700027],
  ["another subject", { claims: { sub: API.clientId } }, 700027],
  ["another audience", { claims: { aud: "https://contoso.example" } }, 700027],
  ["no identifier", { claims: { jti: undefined } }, 700027],
  ["no end", { claims: { exp: undefined } }, 700027],
  ["an end in the past", { claims: { exp: Math.floor(now / SECOND) - 301 } }, 700024],
  ["an end too far", { claims: { exp: Math.floor(now / SECOND) + 90_000 } }, 700024],
  ["a beginning in the future", { claims: { nbf: Math.floor(now / SECOND) + 301 } }, 700024],
])("an assertion with %s is refused", async (_case, change, number) => {
  const pem = change.pem ? tenant.strangerPem : undefined;
  const { status, json } = await ask({ client_assertion: await assertion({ ...change, pem }) });
  expect(status).toBe(401);
  expect(json).toMatchObject({ error: "invalid_client", error_codes: [number] });
});

test("an assertion works once", async () => {
  const once = await assertion();
  expect((await ask({ client_assertion: once })).status).toBe(200);
  const { status, json } = await ask({ client_assertion: once });
  expect(status).toBe(401);
  expect(json).toMatchObject({ error_codes: [700024] });
});

test("a seen assertion is remembered as long as it would hold", async () => {
  const once = await assertion();
  expect((await ask({ client_assertion: once })).status).toBe(200);
  now += 800 * SECOND;
  expect((await ask({ client_assertion: once })).status).toBe(401);
  expect((await ask({ client_assertion: await assertion() })).status).toBe(200);
});

test.each([
  ["garbage", { client_assertion: "not.a.jwt" }, 401],
  ["no assertion", {}, 401],
  ["a secret", { client_secret: "guess" }, 401],
  ["an unknown client", { client_id: "nobody" }, 400],
  ["a user's password", { grant_type: "password", username: "alex", password: "x" }, 400],
  ["a refresh token", { grant_type: "refresh_token", refresh_token: "x" }, 400],
])("%s gets no token", async (_case, form, status) => {
  expect((await ask(form as Record<string, string>)).status).toBe(status);
});

test.each([
  ["no scope", ""],
  ["a named scope", `api://${API.clientId}/Password.Change`],
  ["two resources", `api://${API.clientId}/.default https://vault.azure.net/.default`],
])("%s gets no token", async (_case, scope) => {
  const { status, json } = await ask({ scope, client_assertion: await assertion() });
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: "invalid_scope", error_codes: [70011] });
});

test("a body of any size is bounded", async () => {
  expect((await ask({ scope: "x".repeat(70_000) })).status).toBe(413);
});
