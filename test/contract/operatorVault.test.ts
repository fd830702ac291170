import { createPublicKey, verify } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ClientCertificateCredential } from "@azure/identity";
import { startVault, type Vault } from "../../local/vault/startVault.ts";
import { type OperatorVault, openOperatorVault } from "../../operator/vault.ts";
import { AGENT, startTenant, TENANT, type Tenant } from "./identityFixture.ts";

let tenant: Tenant;
let vault: Vault;
let keys: OperatorVault;
let isAllowed = true;

beforeAll(async () => {
  tenant = await startTenant();
  setDefaultCACertificates([...getCACertificates("default"), tenant.certificates.ca]);
  vault = await startVault({
    certificates: tenant.certificates,
    tenantId: TENANT,
    authority: tenant.identity.authority,
    verify: tenant.identity.verify,
    may: (objectId) => isAllowed && objectId === AGENT.objectId,
  });
  keys = openOperatorVault(
    { vault: vault.url },
    new ClientCertificateCredential(
      TENANT,
      AGENT.clientId,
      { certificate: tenant.agentPem },
      { authorityHost: tenant.identity.authority, disableInstanceDiscovery: true },
    ),
  );
});
afterAll(async () => {
  await vault.stop();
  await tenant.stop();
});
afterEach(() => {
  isAllowed = true;
});

test("a key that is not there is none; the newest version is the last one made", async () => {
  expect(await keys.newest("alpha")).toBeUndefined();
  const first = await keys.create("alpha");
  expect(await keys.newest("alpha")).toEqual(first);
  const second = await keys.create("alpha");
  expect(await keys.newest("alpha")).toEqual(second);
  expect(await keys.version(first.kid)).toEqual(first);
  expect(first).toMatchObject({ key: { kty: "EC", crv: "P-256" }, enabled: true, tags: {} });
  expect(second.kid).not.toBe(first.kid);
});

test("tags are of one version", async () => {
  const key = await keys.create("beta");
  await keys.tag(key, { serial: "4", owner: "us" });
  expect((await keys.newest("beta"))?.tags).toEqual({ serial: "4", owner: "us" });
  expect((await keys.create("beta")).tags).toEqual({});
  expect((await keys.version(key.kid)).tags).toEqual({ serial: "4", owner: "us" });
});

test("it signs with the version that was named", async () => {
  const [first, second] = [await keys.create("gamma"), await keys.create("gamma")];
  const data = Buffer.from("what is signed");
  const signature = await keys.signer(first).sign(data);
  const holds = ({ key }: typeof first) =>
    verify(
      "sha256",
      data,
      { key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      signature,
    );
  expect([holds(first), holds(second)]).toEqual([true, false]);
});

test("a refusal says what was not allowed, in our words; a key of another vault is not asked for", async () => {
  const key = await keys.create("delta");
  isAllowed = false;
  const refused = (what: string) =>
    `The Key Vault does not let this operator ${what} the key "delta".`;
  await expect(keys.newest("delta")).rejects.toThrow(refused("read"));
  await expect(keys.create("delta")).rejects.toThrow(refused("make"));
  await expect(keys.tag(key, {})).rejects.toThrow(refused("tag"));
  await expect(keys.signer(key).sign(Buffer.from("x"))).rejects.toThrow(refused("sign with"));
  expect(() => keys.version("https://other.vault.azure.net/keys/delta/1")).toThrow("another vault");
});
