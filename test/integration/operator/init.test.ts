import { readConfiguration } from "../../../functions/configuration.ts";
import type { Log } from "../../../functions/log.ts";
import { buildParts, type RunningParts } from "../../../functions/parts.ts";
import { type Azure, startAzure } from "../../../local/stack/startAzure.ts";
import { localApplications } from "../localApplications.ts";
import { serveOverTls, Workstation } from "./operatorFixture.ts";

const KEYS = { rootKeyName: "new-root", signingKeyName: "new-signing" };
const silent: Log = { info: () => {}, error: () => {} };
const INIT = ["init", "--yes"];

let azure: Azure;
let desk: Workstation;
let running: RunningParts | undefined;
let api: Awaited<ReturnType<typeof serveOverTls>> | undefined;
beforeAll(async () => {
  const { certificates, apps } = await localApplications();
  azure = await startAzure({
    certificates,
    applications: apps,
    vaultRights: (subject, key, operation) =>
      subject === apps.operator.objectId ||
      (operation === "get" && key.startsWith("new-")) ||
      (operation === "sign" && key === KEYS.signingKeyName),
  });
  const { identity, vault } = azure;
  desk = await Workstation.make({ authority: identity.authority, vaultUrl: vault.url, apps });
});
afterAll(async () => {
  await api?.stop();
  await running?.stop();
  await desk.remove();
  await azure.stop();
});

/** The functions as they are deployed with what `init` has printed. */
async function deploy(rootPublicKey: string): Promise<string> {
  const { identity, settings } = azure;
  process.env.IDENTITY_ENDPOINT = identity.managedIdentityEndpoint;
  process.env.IDENTITY_HEADER = identity.managedIdentityHeader;
  const deployed = { ...settings, ROOT_PUBLIC_KEY: rootPublicKey, ROOT_KEY_NAME: KEYS.rootKeyName };
  running = buildParts(readConfiguration(deployed), silent);
  await expect(running.start()).rejects.toMatchObject({ code: "trustListUnavailable" });
  api = await serveOverTls(running.parts);
  return api.url;
}

test("from an empty vault and functions without a list to the first list in force", async () => {
  await desk.profile("https://127.0.0.1:9", KEYS);
  const shown = await desk.run(["init"]);
  expect(shown).toMatchObject({ code: 3, out: expect.stringContaining("To be made: root key") });
  expect((await desk.run(["show"])).errors).toBe("There is no root key yet: run `init` first.\n");

  const made = await desk.run(INIT);
  expect([made.code, made.errors]).toEqual([1, expect.stringContaining("The API did not answer")]);
  const setting = /^ROOT_PUBLIC_KEY=(.+)$/m.exec(made.out)?.[1] ?? "";
  const again = await desk.run(INIT);
  expect(again.out).toContain(`ROOT_PUBLIC_KEY=${setting}\n`);

  const url = await deploy(setting);
  await desk.profile(url, { ...KEYS, rootKey: JSON.parse(setting) });
  expect(await desk.run(["show"])).toMatchObject({
    code: 1,
    errors: "There is no trust list yet: run `init` first.\n",
  });
  expect(await desk.run(["init"])).toMatchObject({ code: 3 });
  const signed = await desk.run(INIT);
  expect([signed.code, signed.errors]).toEqual([0, ""]);
  expect(signed.out).toContain("List 1 is signed and in force.");

  const { list } = await (running as RunningParts).parts.trust.current();
  const { id } = await azure.vault.ensureKey(KEYS.signingKeyName);
  expect(list).toMatchObject({ serial: 1, agents: [], signingKeys: [{ kid: id }] });
  expect(await (running as RunningParts).parts.newestSerial()).toBe(1);
  const repeated = await desk.run(INIT);
  expect([repeated.code, repeated.out]).toEqual([
    0,
    expect.stringContaining("List 1 is in force. Nothing is to be signed."),
  ]);
});
