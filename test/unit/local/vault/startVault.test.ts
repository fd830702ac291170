import { KEY_VAULT, STORAGE } from "../../../../local/identity/resource.ts";
import { startVault, type Vault } from "../../../../local/vault/startVault.ts";
import { FUNCTIONS, startTenant, TENANT, type Tenant } from "../../../contract/identityFixture.ts";
import { httpsCall } from "../https.ts";

let tenant: Tenant;
let vault: Vault;
let token: string;

beforeAll(async () => {
  tenant = await startTenant();
  vault = await startVault({
    certificates: tenant.certificates,
    tenantId: TENANT,
    authority: tenant.identity.authority,
    verify: tenant.identity.verify,
    may: (_objectId, name) => name !== "forbidden",
  });
  token = await tokenFor(KEY_VAULT);
});
afterAll(async () => {
  await vault.stop();
  await tenant.stop();
});

const tokenFor = (audience: string) =>
  tenant.identity.mintToken({ audience, subject: { kind: "app", application: FUNCTIONS } });

const call = (path: string, { method = "GET", body = "", bearer = token } = {}) =>
  httpsCall(`${vault.url}/${path}`, {
    ca: tenant.certificates.ca,
    method,
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
    body,
  });
const VERSION = "api-version=2025-07-01";

test("who has no good token is told the tenant and the resource", async () => {
  for (const bearer of ["", "garbage", await tokenFor(STORAGE)]) {
    const { status, headers, json } = await call(`keys/alpha?${VERSION}`, { bearer });
    expect(status).toBe(401);
    const tenantUrl = `${tenant.identity.authority}/${TENANT}`;
    expect(headers["www-authenticate"]).toBe(
      `Bearer authorization="${tenantUrl}", resource="https://vault.azure.net"`,
    );
    expect(json).toMatchObject({ error: { code: "Unauthorized" } });
  }
});

test("an api-version is needed", async () => {
  await vault.ensureKey("alpha");
  expect((await call("keys/alpha")).status).toBe(400);
  expect((await call("keys/alpha?api-version=x")).status).toBe(400);
  expect((await call(`keys/alpha?${VERSION}`)).status).toBe(200);
});

test("a missing right is told apart from a key that isn't there", async () => {
  const { status, json } = await call(`keys/forbidden?${VERSION}`);
  expect(status).toBe(403);
  expect(json).toMatchObject({
    error: { code: "Forbidden", innererror: { code: "ForbiddenByRbac" } },
  });
  expect((await call(`keys/nothing?${VERSION}`)).status).toBe(404);
});

test.each([
  ["no body", ""],
  ["no JSON", "{"],
  ["another algorithm", JSON.stringify({ alg: "ES384", value: "A".repeat(43) })],
  ["a short digest", JSON.stringify({ alg: "ES256", value: "AAAA" })],
])("a signature over %s is refused", async (_case, body) => {
  const { version } = await vault.ensureKey("alpha");
  const path = `keys/alpha/${version}/sign?${VERSION}`;
  const { status, json } = await call(path, { method: "POST", body });
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: { code: "BadParameter" } });
  expect(vault.signatures("alpha")).toBe(0);
});

test.each([
  ["DELETE", "keys/alpha"],
  ["GET", "secrets/alpha"],
  ["POST", "keys/alpha/backup"],
])("%s %s is not offered", async (method, path) => {
  expect((await call(`${path}?${VERSION}`, { method })).status).toBe(404);
});

test("no answer has the private part", async () => {
  const { version } = await vault.ensureKey("alpha");
  for (const path of ["alpha", `alpha/${version}`, "alpha/versions"]) {
    const { status, json } = await call(`keys/${path}?${VERSION}`);
    expect(status).toBe(200);
    expect(JSON.stringify(json)).not.toContain('"d"');
  }
});
