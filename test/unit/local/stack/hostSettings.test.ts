import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { timers } from "../../../../functions/timers.ts";
import { HOST_BODY_BYTES } from "../../../../local/host/bodyLimit.ts";
import {
  hostSettings,
  removeHostSettings,
  writeHostSettings,
} from "../../../../local/stack/hostSettings.ts";
import { MAX_BODY_BYTES, MAX_TRUST_LIST_BODY_BYTES } from "../../../../protocol/limits.ts";

describe("the settings of a host that somebody else starts", () => {
  const folder = mkdtempSync(join(tmpdir(), "host-settings-"));
  const file = join(folder, "local.settings.json");
  const settings = hostSettings({ TENANT_ID: "x" }, 7071, "ca.pem");
  afterEach(() => rmSync(file, { force: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has what the functions and func read, as texts", () => {
    expect(settings).toMatchObject({
      IsEncrypted: false,
      Values: {
        FUNCTIONS_WORKER_RUNTIME: "node",
        NODE_EXTRA_CA_CERTS: "ca.pem",
        TENANT_ID: "x",
      },
      Host: { LocalHttpPort: 7071 },
    });
    for (const { name } of timers)
      expect(settings.Values[`AzureWebJobs.${name}.Disabled`]).toBe("true");
    for (const value of Object.values(settings.Values)) expect(typeof value).toBe("string");
  });

  it("has nothing that Core Tools would skip, ask for or look for in vain", () => {
    expect(Object.keys(settings)).toEqual(["IsEncrypted", "Values", "Host"]);
    const names = Object.keys(settings.Values);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(Object.values(settings.Values).filter((value) => value === "")).toEqual([]);
    // Without it the host keeps its keys in blobs, which are not here.
    expect(settings.Values.AzureWebJobsSecretStorageType).toBe("files");
    expect(names.filter((name) => /storage(__|$)/i.test(name))).toEqual([]);
  });

  it("limits bodies as the deployed host does, above what any route takes", () => {
    const limit = settings.Values.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT;
    expect(limit).toBe(String(HOST_BODY_BYTES));
    expect(readFileSync("infra/app/site.bicep", "utf8")).toContain(
      `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '${limit}'`,
    );
    expect(HOST_BODY_BYTES).toBeGreaterThan(Math.max(MAX_BODY_BYTES, MAX_TRUST_LIST_BODY_BYTES));
  });

  it("is for its owner only, may be written again, and goes with the stack", async () => {
    await writeHostSettings(file, settings);
    await writeHostSettings(file, settings);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(settings);
    await removeHostSettings(file);
    expect(existsSync(file)).toBe(false);
  });

  const ofProcess = (pid: number) =>
    JSON.stringify({ Values: { ...settings.Values, LOCAL_STACK_PROCESS: String(pid) } });

  it.each([
    ["somebody's own settings", '{"Values":{"TENANT_ID":"mine"}}', "was not written by"],
    ["what is no JSON", "mine", "was not written by"],
    ["those of a stack that runs", ofProcess(process.ppid), "that is running"],
  ])("refuses to overwrite %s, and leaves them there", async (_, text, why) => {
    writeFileSync(file, text);
    await expect(writeHostSettings(file, settings)).rejects.toThrow(why);
    await removeHostSettings(file);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("refuses a folder in the place of the file", async () => {
    await expect(writeHostSettings(folder, settings)).rejects.toThrow("was not written by");
  });

  it("takes the place of what a killed stack left behind", async () => {
    writeFileSync(file, ofProcess(2 ** 30));
    await writeHostSettings(file, settings);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(settings);
  });
});
