import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readProfile } from "../../../operator/profile.ts";
import { DEPLOYED } from "./deployed.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "hooks-"));
});
afterEach(() => rmSync(project, { recursive: true }));

/** Runs a hook as azd does: in the project's folder, with the values in its environment. */
function run(hook: string, values: Record<string, string>) {
  const file = resolve("scripts/hooks", `${hook}.ts`);
  const env = { PATH: project, ...values };
  const options = { cwd: project, env, encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], options);
  return { status, stdout, stderr };
}

const profileFile = () => join(project, ".azure/writeback-test/operator.json");

test("a profile is written that works, and its key is kept by the next deployment", async () => {
  const made = run("postprovision", DEPLOYED);
  expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining("Left to do") });
  expect(await readProfile(profileFile())).toMatchObject({
    api: "https://func-contoso.azurewebsites.net",
    vault: "https://kv-contoso.vault.azure.net",
    rootKeyName: "root",
    site: DEPLOYED.AZURE_FUNCTION_ID,
  });
  const rootKey = { kty: "EC", crv: "P-256", x: `-${"A".repeat(42)}`, y: "B".repeat(43) };
  const profile = JSON.parse(readFileSync(profileFile(), "utf8"));
  writeFileSync(profileFile(), JSON.stringify({ ...profile, rootKey }));
  writeFileSync(join(project, "azd"), `#!/bin/sh\necho "$*" >> azd.log\n`);
  chmodSync(join(project, "azd"), 0o700);
  expect(run("preprovision", DEPLOYED)).toMatchObject({ status: 0, stderr: "" });
  const set = `env set -e writeback-test --cwd ${realpathSync(project)} --no-prompt --`;
  expect(readFileSync(join(project, "azd.log"), "utf8").trim().split("\n")).toEqual([
    `${set} ROOT_PUBLIC_KEY_X ${rootKey.x}`,
    `${set} ROOT_PUBLIC_KEY_Y ${rootKey.y}`,
  ]);
  expect(run("postprovision", DEPLOYED).status).toBe(0);
  expect((await readProfile(profileFile())).rootKey).toEqual(rootKey);
});

test("after the first deployment nothing is tried, and what starts the functions is named", () => {
  const { status, stdout } = run("postdeploy", { ...DEPLOYED, API_URL: "https://127.0.0.1:9" });
  expect(status).toBe(0);
  expect(stdout).toContain("Nothing to try yet");
  expect(stdout).toContain("init --profile .azure/writeback-test/operator.json --yes");
});

test("a hook without azd's values fails, and names them", () => {
  for (const hook of ["preprovision", "postprovision", "postdeploy"])
    expect(run(hook, {})).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("azd gives no value, or a wrong one, of: AZURE_ENV_NAME"),
    });
});

test("no hook runs where tokens would be printed", () => {
  for (const hook of ["preprovision", "postprovision", "postdeploy"])
    expect(run(hook, { ...DEPLOYED, AZURE_LOG_LEVEL: "verbose" })).toMatchObject({
      ...{ status: 1, stdout: "" },
      stderr: expect.stringContaining("AZURE_LOG_LEVEL: must not be set"),
    });
});
