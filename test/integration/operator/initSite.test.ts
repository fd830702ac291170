import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { TableClient } from "@azure/data-tables";
import { TRUST_ROW } from "../../../functions/records/groundRows.ts";
import { TABLES } from "../../../functions/records/tableDescriptions.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import { STORAGE } from "../../../local/identity/resource.ts";
import type { SiteAction } from "../../../local/resourceManager/startResourceManager.ts";
import { type Azure, startAzure } from "../../../local/stack/startAzure.ts";
import type { Applications } from "../../../local/stack/tenant.ts";
import type { Desk } from "../../../operator/desk.ts";
import { localApplications } from "../localApplications.ts";
import { DeployedSite, SITE_ID } from "./deployedSite.ts";
import { Workstation } from "./operatorFixture.ts";

const SECRET = "not-to-be-told-to-anybody";
const OTHER_KEY = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "B".repeat(43) };
const INIT = ["init", "--yes"];
const PATH = process.env.PATH;

let apps: Applications;
let azure: Azure;
let site: DeployedSite;
let desk: Workstation;
let refused: readonly SiteAction[] = [];
/** Key names of its own for each test: what one has made another one must not find. */
let keys: { rootKeyName: string; signingKeyName: string };
let tests = 0;

beforeAll(async () => {
  const local = await localApplications();
  apps = local.apps;
  azure = await startAzure({
    certificates: local.certificates,
    applications: apps,
    vaultRights: (subject, key, operation) =>
      subject === apps.operator.objectId ||
      operation === "get" ||
      (operation === "sign" && key.includes("signing")),
  });
});
afterAll(() => azure.stop());

beforeEach(async () => {
  tests += 1;
  keys = { rootKeyName: `root-${tests}`, signingKeyName: `signing-${tests}` };
  refused = [];
  site = await DeployedSite.deploy(
    azure,
    { ROOT_KEY_NAME: keys.rootKeyName, OF_SOMEBODY_ELSE: SECRET },
    (objectId, action) => objectId === apps.operator.objectId && !refused.includes(action),
  );
  desk = await Workstation.make({
    authority: azure.identity.authority,
    vaultUrl: azure.vault.url,
    apps,
  });
  await profile();
});
afterEach(async () => {
  process.env.PATH = PATH;
  await site.stop();
  await desk.remove();
});

const profile = (changes: object = {}) =>
  desk.profile(site.url, { ...keys, site: SITE_ID, management: site.manager.url, ...changes });

/** A clock that only moves where the command waits. */
function waiting(onSleep: (times: number) => Promise<void> = async () => {}) {
  const start = Date.now();
  const waited = { times: 0, milliseconds: 0 };
  const change = (given: Desk): Desk => ({
    ...given,
    now: () => start + waited.milliseconds,
    sleep: async (milliseconds) => {
      waited.times += 1;
      waited.milliseconds += milliseconds;
      await onSleep(waited.times);
    },
  });
  return { waited, change };
}

const settings = () => site.manager.settings;
const ground = () =>
  new TableClient(azure.tables.url, TABLES.ground.name, {
    getToken: async () => ({
      token: await azure.identity.mintToken({
        audience: STORAGE,
        subject: { kind: "app", application: apps.operator },
      }),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  });
const vaultKeys = async () => {
  const shown = await desk.run(["init"]);
  return shown.out.match(/^To be made: .* key/gm) ?? [];
};

test("one command makes the keys, sets the root key, waits, and signs the first list", async () => {
  const before = settings();
  const shown = await desk.run(["init"]);
  expect(shown).toMatchObject({ code: 3, errors: "" });
  expect(shown.out).toContain('To be set: ROOT_PUBLIC_KEY of the site "func-contoso".');
  expect(settings()).toEqual(before);

  const { waited, change } = waiting(async (times) => {
    if (times === 3) await site.start();
  });
  const set = await desk.run(INIT, (given) => {
    const opened = change(given);
    const { site: inAzure } = opened;
    if (!inAzure) throw new Error("no site");
    return {
      ...opened,
      site: {
        ...inAzure,
        setRootKey: (key) => {
          // Somebody else changes settings after they were looked at for the first time.
          site.manager.replace({ ...settings(), ADDED_MEANWHILE: "kept" });
          return inAzure.setRootKey(key);
        },
      },
    };
  });
  expect([set.code, set.errors]).toEqual([0, ""]);
  expect(set.out).toContain("List 1 is signed and in force.");
  expect(waited).toEqual({ times: 3, milliseconds: 30_000 });

  const { ROOT_PUBLIC_KEY, ...others } = settings();
  expect(others).toEqual({ ...before, ADDED_MEANWHILE: "kept" });
  const rootKey = JSON.parse(ROOT_PUBLIC_KEY ?? "");
  expect((await azure.vault.ensureKey(keys.rootKeyName)).publicJwk).toEqual(rootKey);
  const text = await readFile(desk.profileFile, "utf8");
  expect(JSON.parse(text)).toMatchObject({ version: 1, site: SITE_ID, rootKey });
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);

  const repeated = await desk.run(INIT);
  expect([repeated.code, repeated.errors]).toEqual([0, ""]);
  expect(repeated.out).toContain("List 1 is in force. Nothing is to be signed.");
  expect(site.manager.counters.writes).toBe(1);
  for (const { out } of [shown, set, repeated]) expect(out).not.toContain(SECRET);
});

test("a new root key is the first day again, once the list by the old one is deleted", async () => {
  await azure.operator.publish([azure.signingKey], []);
  const { change } = waiting(() => site.start());
  const before = await desk.run(INIT, change);
  expect([before.code, before.errors]).toEqual([
    1,
    expect.stringContaining("The published list is not by the root key."),
  ]);
  const { partitionKey, rowKey } = TRUST_ROW;
  await ground().deleteEntity(partitionKey, rowKey);
  const after = await desk.run(INIT);
  expect([after.code, after.errors]).toEqual([0, ""]);
  expect(after.out).toContain("List 1 is signed and in force.");
});

test("another root key in the settings is refused, and so is one that is none", async () => {
  for (const [there, told] of [
    [JSON.stringify(OTHER_KEY), "is another key than"],
    [SECRET, "is there, and is no root key"],
  ] as const) {
    site.manager.replace({ ...settings(), ROOT_PUBLIC_KEY: there });
    const { code, out, errors } = await desk.run(INIT);
    expect([code, errors]).toEqual([1, expect.stringContaining(told)]);
    expect(out + errors).not.toContain(SECRET);
  }
  expect(site.manager.counters.writes).toBe(0);
  site.manager.replace({});
  expect(await vaultKeys()).toHaveLength(2);
});

test("a profile with a root key that the vault does not have changes nothing", async () => {
  await profile({ rootKey: OTHER_KEY });
  expect(await desk.run(INIT)).toMatchObject({
    code: 1,
    errors: expect.stringContaining(`the vault has no "${keys.rootKeyName}"`),
  });
  await azure.vault.ensureKey(keys.rootKeyName);
  expect(await desk.run(INIT)).toMatchObject({
    code: 1,
    errors: "The vault's root key is not the one of the profile.\n",
  });
  expect(site.manager.counters.writes).toBe(0);
});

test("who may not change the site is told the role, and goes on as without a site", async () => {
  refused = ["Microsoft.Web/sites/config/list/action"];
  const unseen = await desk.run(INIT);
  expect(unseen.out).toContain('403 AuthorizationFailed): it needs the role "Website Contributor"');
  expect(unseen.out).toMatch(/^ROOT_PUBLIC_KEY=\{"kty":"EC",/m);
  expect(unseen).toMatchObject({
    code: 1,
    errors: expect.stringContaining("The API refused (404"),
  });
  refused = ["Microsoft.Web/sites/config/write"];
  const unwritten = await desk.run(INIT);
  expect(unwritten.errors).toContain(
    '403 AuthorizationFailed): it needs the role "Website Contrib',
  );
  expect([unwritten.code, site.manager.counters.writes]).toEqual([1, 0]);
});

test("a site that is not there, and a manager that does not answer, are named", async () => {
  await profile({ site: SITE_ID.replace("func-contoso", "func-fabrikam") });
  expect(await desk.run(INIT)).toMatchObject({
    code: 1,
    errors: 'There is no site "func-fabrikam" (404 ResourceNotFound).\n',
  });
  await profile({ management: "https://127.0.0.1:9" });
  expect((await desk.run(INIT)).errors).toContain("did not answer: https://127.0.0.1:9");
  await profile({ site: `${SITE_ID}/../func-fabrikam` });
  expect((await desk.run(INIT)).errors).toBe('The profile is not right at "site".\n');
});

test("nobody else gets the token: a redirect is not followed", async () => {
  const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  const { certificate: cert, key } = await certificates.leaf("api", ["127.0.0.1", "localhost"]);
  const elsewhere = createServer({ cert, key }, ({ url }, response) => {
    response.writeHead(307, { location: `${site.manager.url}${url}` }).end();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const management = `https://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  await profile({ management });
  expect((await desk.run(INIT)).errors).toContain("Azure Resource Manager refused (307)");
  expect(site.manager.counters).toEqual({ lists: 0, writes: 0 });
  elsewhere.closeAllConnections();
  await new Promise((resolve) => elsewhere.close(resolve));
});

test("functions that never start are waited for ten minutes", async () => {
  const { waited, change } = waiting();
  const { code, errors } = await desk.run(INIT, change);
  expect([code, errors]).toEqual([1, expect.stringContaining("(GET /health: 404)")]);
  expect(waited.milliseconds).toBe(600_000);
  expect(settings().ROOT_PUBLIC_KEY).toContain('"kty":"EC"');
});

describe("in the folder of an environment of azd", () => {
  let folder: string;
  const environmentFile = () => join(folder, "operator.json");

  beforeEach(async () => {
    folder = join(desk.folder, ".azure/writeback-test");
    await mkdir(folder, { recursive: true });
    await profile({
      certificate: { clientId: apps.operator.clientId, file: "../../operator.pem" },
    });
    await writeFile(environmentFile(), await readFile(desk.profileFile));
  });

  /** Runs `init` with an azd that writes down how it was called, or with none. */
  async function initWith(script?: string) {
    const bin = join(desk.folder, "bin");
    await mkdir(bin, { recursive: true });
    if (script !== undefined) {
      await writeFile(join(bin, "azd"), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, "azd"), 0o700);
    }
    process.env.PATH = bin;
    const ended = await desk.run(INIT, waiting().change, environmentFile());
    const { rootKey } = JSON.parse(await readFile(environmentFile(), "utf8"));
    return { ...ended, rootKey };
  }

  test("azd keeps the root key, whatever its coordinates begin with", async () => {
    const log = join(desk.folder, "azd.log");
    const { out, rootKey } = await initWith(`echo "$PWD: $*" >> ${log}`);
    // Never started in the profile's folder, which may be somebody else's and hold an azd.exe.
    const set = `${process.cwd()}: env set -e writeback-test --cwd ${desk.folder} --no-prompt --`;
    expect((await readFile(log, "utf8")).split("\n")).toEqual([
      `${set} ROOT_PUBLIC_KEY_X ${rootKey.x}`,
      `${set} ROOT_PUBLIC_KEY_Y ${rootKey.y}`,
      "",
    ]);
    expect(out).toContain('The environment "writeback-test" of azd has it');
    expect(out).not.toContain("azd env set");
  });

  test.each([undefined, "exit 1"])(
    "where azd is not there or fails, its lines are shown (%s)",
    async (script) => {
      const { out, rootKey } = await initWith(script);
      expect(out).toContain(
        `\n  azd env set -e writeback-test -- ROOT_PUBLIC_KEY_X ${rootKey.x}\n`,
      );
      expect(out).toContain(
        `\n  azd env set -e writeback-test -- ROOT_PUBLIC_KEY_Y ${rootKey.y}\n`,
      );
      expect(out).toContain("rootPublicKeyX");
    },
  );
});
