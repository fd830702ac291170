import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Attribute, type Client } from "ldapts";
import { guardSettings } from "../../../agent/directory/guard/settings.ts";
import { openPool } from "../../../agent/directory/openPool.ts";
import { type Domain, executeInDomain } from "../../../agent/operations/executeInDomain.ts";
import { addUserWith } from "../../../local/accounts/addUser.ts";
import { canBind } from "../../../local/accounts/canBind.ts";
import { connect } from "../../../local/accounts/connect.ts";
import { setDomainPolicyWith } from "../../../local/accounts/domainPolicy.ts";
import { readUserWith } from "../../../local/accounts/readUser.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { DELEGATED_RIGHTS } from "../../../local/localDirectory.ts";
import { SAMPLE_POLICY } from "../../../local/seed.ts";
import type { Verdict } from "../../../protocol/outcome.ts";
import type { Target } from "../../../protocol/request.ts";
import { requestOf } from "./requests.ts";

const FIRST = "First-Harbour-17";
const NEXT = "Second-Meadow-28";
const ACCOUNT = { name: "svc-agent", password: "Agent-of-two-domains-4" };
const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));

/** A domain with people of its own, and an administrator's connection to look at them. */
interface Realm {
  readonly directory: SimulatedDirectory;
  readonly administrator: Client;
  readonly domain: Domain;
  readonly ou: string;
  /** Makes an account; undefined anchors are none. */
  person(name: string, anchor: string): Promise<Target>;
  passwordOf(name: string, password: string): Promise<string>;
  keyVersion(name: string): Promise<unknown>;
  close(): Promise<void>;
}

async function realm(dnsName: string, wishes: Partial<Domain["settings"]> = {}): Promise<Realm> {
  const directory = await startSimulatedDirectory({
    certificates: await LocalCertificates.open(folder),
    dnsName,
    dnsHostName: `dc1.${dnsName}`,
  });
  const { url, servername, ca, baseDn } = directory;
  const administrator = await connect(directory, directory.administrator);
  const ou = `OU=People,${baseDn}`;
  const objectClass = ["top", "organizationalUnit"];
  await administrator.add(ou, [new Attribute({ type: "objectClass", values: objectClass })]);
  await setDomainPolicyWith(administrator, baseDn, SAMPLE_POLICY);
  const add = (name: string, password: string, sourceAnchor?: string) =>
    addUserWith(administrator, baseDn, {
      name,
      password,
      ou,
      ...(sourceAnchor !== undefined && { sourceAnchor }),
    });
  const { dn: bindDn } = await add(ACCOUNT.name, ACCOUNT.password);
  await add("canary", FIRST);
  await directory.delegate(ACCOUNT.name, ou, DELEGATED_RIGHTS);
  const pool = openPool(
    {
      domainControllers: [{ url, servername }],
      ca,
      bindDn,
      connections: 2,
      timeouts: { connect: 1_000, search: 1_000, modify: 1_000 },
    },
    async () => ACCOUNT.password,
  );
  const settings = {
    baseDn,
    sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
    canary: "canary@corp.example",
    allowWeakerEnforcement: false,
    guard: guardSettings.parse({}),
    ...wishes,
  } as const;
  return {
    directory,
    administrator,
    ou,
    domain: { pool, settings },
    async person(name, anchor) {
      const facts = await add(name, FIRST, anchor);
      const { sid, sourceAnchor, userPrincipalName } = facts;
      return { id: randomUUID(), sid, sourceAnchor, userPrincipalName };
    },
    passwordOf: (name, password) => canBind(directory, `CN=${name},${ou}`, password),
    keyVersion: async (name) => (await readUserWith(administrator, baseDn, name)).keyVersion,
    async close() {
      pool.close();
      await administrator.unbind().catch(() => {});
      await directory.stop();
    },
  };
}

let corp: Realm;
let contoso: Realm;
beforeEach(async () => {
  corp = await realm("corp.example");
  contoso = await realm("contoso.example");
});
afterEach(async () => {
  await corp.close();
  await contoso.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
function anchor(): string {
  made += 1;
  return Buffer.from(`fe80c0ffee${made.toString(16).padStart(22, "0")}`, "hex").toString("base64");
}

const job = () => {
  const until = Date.now() + 10_000;
  return { remaining: () => until - Date.now() };
};
const reset = (target: Target, domains = [corp, contoso]): Promise<Verdict> =>
  executeInDomain(
    domains.map(({ domain }) => domain),
    requestOf({ operation: "reset", target, newPassword: NEXT, mustChange: false }),
    job(),
  );
const probe = (): Promise<Verdict> =>
  executeInDomain([corp.domain, contoso.domain], requestOf({ operation: "probe" }), job());

test("each account is written in its own domain, and nothing in the other one", async () => {
  const alex = await corp.person("alex", anchor());
  const bo = await contoso.person("bo", anchor());
  const modifies = [corp, contoso].map(({ directory }) => directory.counters.modifies);
  expect(await reset(alex)).toMatchObject({
    status: "succeeded",
    directory: { server: "dc1.corp.example" },
  });
  expect(await reset(bo)).toMatchObject({
    status: "succeeded",
    directory: { server: "dc1.contoso.example" },
  });
  expect([corp, contoso].map(({ directory }) => directory.counters.modifies)).toEqual(
    modifies.map((count) => count + 1),
  );
  expect(await corp.passwordOf("alex", NEXT)).toBe("ok");
  expect(await contoso.passwordOf("bo", NEXT)).toBe("ok");
});

test("the same anchor in two domains: neither account is touched", async () => {
  const twice = anchor();
  const target = await corp.person("alex", twice);
  await contoso.person("alex", twice);
  const before = [await corp.keyVersion("alex"), await contoso.keyVersion("alex")];
  expect(before[0]).toBeDefined();
  // Though the SID says which of them was meant.
  expect(await reset(target)).toEqual({ status: "failed", code: "directoryUserAmbiguous" });
  expect([await corp.keyVersion("alex"), await contoso.keyVersion("alex")]).toEqual(before);
  expect(await corp.passwordOf("alex", FIRST)).toBe("ok");
});

test("two of one domain are ambiguous as well, and nobody is found in none", async () => {
  const twice = anchor();
  const target = await corp.person("alex", twice);
  await corp.person("bo", twice);
  expect(await reset(target)).toMatchObject({ code: "directoryUserAmbiguous" });
  expect(await reset({ ...target, sourceAnchor: anchor() })).toEqual({
    status: "failed",
    code: "directoryUserNotFound",
  });
});

test.each([
  ["gone", () => contoso.directory.kill()],
  ["hanging", async () => contoso.directory.freeze()],
])("a domain that is %s may hold a second one: nothing is done", async (_, fail) => {
  const target = await corp.person("alex", anchor());
  await fail();
  const { modifies } = corp.directory.counters;
  expect(await reset(target)).toMatchObject({ status: "failed", code: "directoryUnreachable" });
  expect(corp.directory.counters.modifies).toBe(modifies);
  expect(await reset(target, [corp])).toMatchObject({ status: "succeeded" });
  contoso.directory.thaw();
});

test("the SID counts in the domain where the anchor was found", async () => {
  const target = await contoso.person("bo", anchor());
  const { sid } = await corp.person("alex", anchor());
  expect(await reset({ ...target, ...(sid && { sid }) })).toMatchObject({
    status: "failed",
    code: "directoryUserMismatch",
    directory: { server: "dc1.contoso.example" },
  });
});

test("each domain has its own anchor attribute and scope", async () => {
  const bo = await contoso.person("bo", anchor());
  const { objectGuid } = await readUserWith(contoso.administrator, contoso.directory.baseDn, "bo");
  const target = { ...bo, sourceAnchor: objectGuid.toString("base64") };
  expect(await reset(target)).toMatchObject({ code: "directoryUserNotFound" });
  const inScope = { ...contoso.domain.settings, sourceAnchorAttribute: "objectGUID" as const };
  const byGuid = { ...contoso, domain: { ...contoso.domain, settings: inScope } };
  expect(await reset(target, [corp, byGuid])).toMatchObject({ status: "succeeded" });
  const guard = guardSettings.parse({ scope: { out: [contoso.ou] } });
  const outOfScope = { ...contoso.domain.settings, guard };
  const away = { ...contoso, domain: { ...contoso.domain, settings: outOfScope } };
  expect(await reset(bo, [corp, away])).toMatchObject({ code: "accountOutOfScope" });
});

test("a probe goes to every domain, and tells of the one that fails", async () => {
  expect(await probe()).toMatchObject({
    status: "succeeded",
    directory: { server: "dc1.corp.example" },
  });
  await contoso.administrator.del(`CN=canary,${contoso.ou}`);
  expect(await probe()).toMatchObject({
    status: "failed",
    code: "canaryMissing",
    directory: { server: "dc1.contoso.example" },
  });
  await corp.directory.kill();
  expect(await probe()).toMatchObject({ status: "failed", code: "directoryUnreachable" });
});
