import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Attribute } from "ldapts";
import { addUserWith } from "../../../local/accounts/addUser.ts";
import { asAdministrator } from "../../../local/accounts/connect.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { CANARY, SERVICE_ACCOUNT, userPrincipalName } from "../../../local/samples.ts";
import { AgentFixture } from "./agentFixture.ts";
import { AgentProcess } from "./agentProcess.ts";
import { closedPort } from "./deadEnds.ts";
import { until } from "./scriptedCloud.ts";

const SECRET = "Agent-of-two-domains-4";
const STRANGER = Buffer.alloc(16, 0xfe).toString("base64");

let fixture: AgentFixture;
let contoso: SimulatedDirectory;
beforeAll(async () => {
  fixture = await AgentFixture.open();
  contoso = await startSimulatedDirectory({
    certificates: fixture.certificates,
    dnsName: "contoso.example",
    dnsHostName: "dc1.contoso.example",
  });
}, 60_000);
afterAll(async () => {
  await contoso?.stop();
  await fixture?.close();
});

/** The agent's folder, with a secret in it that the configuration names. */
function folderWith(name: string, file: string, mode: number): string {
  const folder = join(fixture.folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), SECRET, { mode });
  return folder;
}

/** Two domains, the first with a domain controller that is gone before the one that is there. */
async function domains() {
  const ou = `OU=People,${contoso.baseDn}`;
  const bindDn = await asAdministrator(contoso, async (client) => {
    const objectClass = ["top", "organizationalUnit"];
    await client.add(ou, [new Attribute({ type: "objectClass", values: objectClass })]);
    await addUserWith(client, contoso.baseDn, { ...CANARY, ou });
    await addUserWith(client, contoso.baseDn, {
      name: "bo",
      password: "First-Harbour-17",
      sourceAnchor: STRANGER,
      ou,
    });
    return (await addUserWith(client, contoso.baseDn, { name: "svc", password: SECRET, ou })).dn;
  });
  const { url, servername, caFile, baseDn } = fixture.directory;
  const common = {
    caFile,
    sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
    canary: userPrincipalName(CANARY),
  };
  return [
    {
      ...common,
      domainControllers: [
        { url: await closedPort(), servername: "dc0.corp.example" },
        { url, servername },
      ],
      baseDn,
      bindDn: userPrincipalName(SERVICE_ACCOUNT),
      passwordFile: "service-account.secret",
    },
    {
      ...common,
      domainControllers: [{ url: contoso.url, servername: contoso.servername }],
      baseDn: contoso.baseDn,
      bindDn,
      passwordFile: "contoso.secret",
    },
  ];
}

test("an agent of two domains tells of both, and works in both or in none", async () => {
  folderWith("two", "contoso.secret", 0o600);
  const overrides = { directory: { domains: await domains() } };
  const agent = await fixture.start("two", { overrides });
  const { cloud, key } = fixture;
  const up = agent.named("directoryUp").map(({ domain, server }) => `${domain} ${server}`);
  expect(up.sort()).toEqual([
    "DC=contoso,DC=example dc1.contoso.example",
    "DC=corp,DC=example dc1.corp.example",
  ]);
  expect(cloud.beats[0]?.directory).toMatchObject({ state: "up", policyHints: true });
  expect(await cloud.ask(fixture.request({ operation: "probe" }), key)).toMatchObject({
    status: "succeeded",
  });
  expect(await cloud.ask(fixture.unlockOf("alex"), key)).toMatchObject({
    status: "succeeded",
    directory: { server: "dc1.corp.example" },
  });
  const { sid: _, ...alex } = fixture.target("alex");
  const bo = fixture.unlockOf("alex", { target: { ...alex, sourceAnchor: STRANGER } });
  // Found over there, where the agent's account was given no rights.
  expect(await cloud.ask(bo, key)).toMatchObject({
    status: "failed",
    directory: { server: "dc1.contoso.example", resultCode: 50 },
  });
  await contoso.kill();
  expect(await cloud.ask(fixture.unlockOf("alex"), key)).toMatchObject({
    status: "failed",
    code: "directoryUnreachable",
  });
  expect(await agent.child.stop()).toBe(0);
}, 60_000);

test("a secret that others may read: one line that names the key, and exit code 1", async () => {
  const folder = folderWith("open", "service-account.secret", 0o644);
  const { certificates, cloud, directory, key } = fixture;
  const agent = await AgentProcess.start({ folder, certificates, cloud, directory, key });
  await until("it ends", () => !agent.child.running);
  expect(await agent.child.stop()).toBe(1);
  expect(agent.text).toContain("directory.domains.0.passwordFile: others than the agent's account");
  expect(agent.text).not.toContain(SERVICE_ACCOUNT.password);
}, 30_000);
