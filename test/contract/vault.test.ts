import { createHash, createPublicKey, verify } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  ClientCertificateCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import { CryptographyClient, KeyClient } from "@azure/keyvault-keys";
import { startVault, type Vault } from "../../local/vault/startVault.ts";
import type { VaultOperation } from "../../local/vault/vaultAccess.ts";
import { AGENT, FUNCTIONS, startTenant, TENANT, type Tenant } from "./identityFixture.ts";

let tenant: Tenant;
let vault: Vault;
let folder: string;
let now = Date.now();
const environment = { ...process.env };

/** The agent's identity plays the operator here, who may do everything. */
const RIGHTS: Readonly<Record<string, readonly VaultOperation[]>> = {
  [AGENT.objectId]: ["get", "list", "create", "update", "sign"],
  [FUNCTIONS.objectId]: ["get", "sign"],
};
const may = (objectId: string, name: string, operation: VaultOperation): boolean =>
  (RIGHTS[objectId]?.includes(operation) ?? false) &&
  (objectId === AGENT.objectId || name !== "root");

const startHere = () =>
  startVault({
    certificates: tenant.certificates,
    tenantId: TENANT,
    authority: tenant.identity.authority,
    verify: tenant.identity.verify,
    may,
    folder,
    clock: () => now,
  });

beforeAll(async () => {
  tenant = await startTenant();
  folder = join(tenant.folder, "vault");
  process.env.IDENTITY_ENDPOINT = tenant.identity.managedIdentityEndpoint;
  process.env.IDENTITY_HEADER = tenant.identity.managedIdentityHeader;
  vault = await startHere();
});
afterAll(async () => {
  process.env = environment;
  await vault.stop();
  await tenant.stop();
});

const options = () => ({
  disableChallengeResourceVerification: true,
  tlsOptions: { ca: tenant.certificates.ca },
  retryOptions: { maxRetries: 0 },
});
const operator = () =>
  new ClientCertificateCredential(
    TENANT,
    AGENT.clientId,
    { certificate: tenant.agentPem },
    {
      authorityHost: tenant.identity.authority,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: tenant.certificates.ca },
    },
  );
const functions = () => new ManagedIdentityCredential({ clientId: FUNCTIONS.clientId });
const keysAs = (credential: () => TokenCredential = operator) =>
  new KeyClient(vault.url, credential(), options());
const cryptographyAs = (id: string, credential = functions) =>
  new CryptographyClient(id, credential(), options());

test("a key is made, described and read; an unnamed version is the newest", async () => {
  const keys = keysAs();
  const first = await keys.createEcKey("alpha", { curve: "P-256", tags: { serial: "1" } });
  const second = await keys.createEcKey("alpha", { curve: "P-256" });
  expect(second.properties.version).not.toBe(first.properties.version);
  const newest = await keys.getKey("alpha");
  expect(newest.id).toBe(second.id);
  expect(newest.key).toMatchObject({ kty: "EC", crv: "P-256" });
  expect(newest.key?.d).toBeUndefined();
  const old = await keys.getKey("alpha", { version: first.properties.version });
  expect(old.id).toBe(first.id);
  expect(old.properties).toMatchObject({ enabled: true, tags: { serial: "1" } });
  expect(old.properties.createdOn?.getTime()).toBe(Math.floor(now / 1000) * 1000);
});

test("its versions are listed with their tags", async () => {
  const keys = keysAs();
  const first = await keys.createKey("beta", "EC", { curve: "P-256", tags: { serial: "1" } });
  const second = await keys.createKey("beta", "EC", { curve: "P-256", tags: { serial: "2" } });
  const seen = new Map<string | undefined, unknown>();
  for await (const { version, tags } of keys.listPropertiesOfKeyVersions("beta")) {
    seen.set(version, tags);
  }
  expect(seen).toEqual(
    new Map([
      [first.properties.version, { serial: "1" }],
      [second.properties.version, { serial: "2" }],
    ]),
  );
});

test("tags are replaced, on the newest version if none is named", async () => {
  const keys = keysAs();
  const { properties } = await keys.createEcKey("gamma", { curve: "P-256", tags: { a: "1" } });
  await keys.updateKeyProperties("gamma", properties.version as string, { tags: { serial: "7" } });
  expect((await keys.getKey("gamma")).properties.tags).toEqual({ serial: "7" });
  await keys.updateKeyProperties("gamma", { tags: { serial: "8" } });
  expect((await keys.getKey("gamma")).properties.tags).toEqual({ serial: "8" });
});

test("a signature holds under the public key, for the version that was named", async () => {
  const first = await vault.createKey("signing");
  const second = await vault.createKey("signing");
  const data = Buffer.from("what is signed");
  const { result, keyID } = await cryptographyAs(first.id).signData("ES256", data);
  const holds = (publicJwk: typeof first.publicJwk) =>
    verify(
      "sha256",
      data,
      { key: createPublicKey({ key: publicJwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      result,
    );
  expect(keyID).toBe(first.id);
  expect(holds(first.publicJwk)).toBe(true);
  expect(holds(second.publicJwk)).toBe(false);
  expect(vault.signatures("signing")).toBe(1);
});

test("who may sign with one key may not with another, nor write", async () => {
  const { id } = await vault.createKey("root");
  await expect(cryptographyAs(id).signData("ES256", Buffer.from("x"))).rejects.toMatchObject({
    statusCode: 403,
    code: "Forbidden",
  });
  await expect(keysAs(functions).createKey("signing", "EC")).rejects.toMatchObject({
    statusCode: 403,
  });
  expect(vault.signatures("root")).toBe(0);
});

test("a disabled version doesn't sign", async () => {
  const { id, version } = await vault.createKey("delta");
  await keysAs().updateKeyProperties("delta", version, { enabled: false });
  const attempt = cryptographyAs(id).signData("ES256", Buffer.from("x"));
  await expect(attempt).rejects.toMatchObject({ statusCode: 403, code: "Forbidden" });
});

test("an expired version doesn't sign", async () => {
  const { id, version } = await vault.createKey("epsilon");
  await keysAs().updateKeyProperties("epsilon", version, { expiresOn: new Date(now + 5000) });
  const client = cryptographyAs(id);
  await client.signData("ES256", Buffer.from("x"));
  now += 10_000;
  await expect(client.signData("ES256", Buffer.from("x"))).rejects.toMatchObject({
    statusCode: 403,
  });
});

test("a key or version that isn't there is not found", async () => {
  await expect(keysAs().getKey("nobody")).rejects.toMatchObject({
    statusCode: 404,
    code: "KeyNotFound",
  });
  await vault.ensureKey("zeta");
  await expect(keysAs().getKey("zeta", { version: "0".repeat(32) })).rejects.toMatchObject({
    statusCode: 404,
  });
});

test.each([
  ["a kind of key other than EC", () => keysAs().createKey("eta", "RSA")],
  ["another curve", () => keysAs().createKey("eta", "EC", { curve: "P-384" })],
  ["a name with other characters", () => keysAs().createKey("eta_1", "EC", { curve: "P-256" })],
])("%s is refused", async (_case, attempt) => {
  await expect(attempt()).rejects.toMatchObject({ statusCode: 400, code: "BadParameter" });
});

test("keys, versions and tags outlive a restart, in files for the owner alone", async () => {
  const { id } = await keysAs().createEcKey("kept", { curve: "P-256", tags: { serial: "3" } });
  const before = await vault.ensureKey("kept");
  expect(before.id).toBe(id);
  await vault.stop();
  vault = await startHere();
  const after = await vault.ensureKey("kept");
  expect([after.version, after.publicJwk]).toEqual([before.version, before.publicJwk]);
  expect((await keysAs().getKey("kept")).properties.tags).toEqual({ serial: "3" });
  expect((await stat(join(folder, "kept.json"))).mode & 0o777).toBe(0o600);
});

test("a digest that the caller made is signed as it is", async () => {
  const { id, publicJwk } = await vault.createKey("theta");
  const digest = createHash("sha256").update("x").digest();
  const { result } = await cryptographyAs(id).sign("ES256", digest);
  const key = createPublicKey({ key: publicJwk, format: "jwk" });
  const holds = verify("sha256", Buffer.from("x"), { key, dsaEncoding: "ieee-p1363" }, result);
  expect(holds).toBe(true);
});
