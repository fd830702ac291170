import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import { Child } from "../../local/stack/child.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { unpack } from "./upgrade/bundles.ts";
import { firstConfiguration } from "./upgrade/firstConfiguration.ts";
import { Person } from "./upgrade/person.ts";
import { publishAsFirst } from "./upgrade/publishAsFirst.ts";

const folder = mkdtempSync(join(tmpdir(), "upgrade-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("today's functions with an agent of the first version", () => {
  let stack: Stack;

  beforeAll(async () => {
    const agentOverrides = {};
    stack = await startStack({
      root: process.cwd(),
      agentScript: unpack("agent", folder),
      agentOverrides,
      startDirectory: async (certificates) => {
        const directory = await startSimulatedDirectory({ certificates });
        Object.assign(agentOverrides, firstConfiguration(directory));
        return directory;
      },
    });
  }, 120_000);
  afterAll(() => stack?.stop(), 60_000);

  it("a probe makes the round trip", async () => {
    expect(await new Person(stack).probe()).toEqual([200, undefined]);
  });

  it("a change reaches the directory, and its refusals the caller", async () => {
    const person = new Person(stack);
    const before = person.user.password;
    expect(await person.change(before, "Amber-Kettle-19")).toEqual([204, undefined]);
    expect(await person.bind("Amber-Kettle-19")).toBe("ok");
    const again = await person.change(before, "Copper-Window-28");
    expect(again).toEqual([400, "currentPasswordWrong"]);
    const short = await person.change("Amber-Kettle-19", "Xy-1x");
    expect(short).toEqual([400, "passwordPolicyViolation"]);
    expect(await person.bind("Amber-Kettle-19")).toBe("ok");
  });

  it("a reset reaches the directory, with the change that it asks for", async () => {
    const person = new Person(stack);
    expect(await person.reset("Willow-Lantern-52")).toEqual([202, undefined]);
    // ERROR_PASSWORD_MUST_CHANGE: the password is right.
    expect(await person.bind("Willow-Lantern-52")).toBe("773");
  });
});

describe("functions of the first version with today's agent", () => {
  let stack: Stack;
  let host: Child | undefined;

  beforeAll(async () => {
    const hostSettingsFile = join(folder, "local.settings.json");
    stack = await startStack({
      root: process.cwd(),
      hostSettingsFile,
      settings: { TOTAL_WAIT_SECONDS: "6", WRITE_START_SECONDS: "4" },
      startDirectory: (certificates) => startSimulatedDirectory({ certificates }),
    });
    await publishAsFirst(stack);
    const { Values, Host } = JSON.parse(readFileSync(hostSettingsFile, "utf8"));
    const script = "test/e2e/upgrade/bundleHost.ts";
    host = new Child({
      command: [script, unpack("functions", folder), String(Host.LocalHttpPort)],
      environment: Values,
      logFile: join(folder, "functions.log"),
    });
    await stack.ready();
  }, 120_000);
  afterAll(async () => {
    await host?.stop();
    await stack?.stop();
  }, 60_000);

  it("a write that took effect is unknown to them, never failed: its reply says too much", async () => {
    const person = new Person(stack);
    const answer = await person.change(person.user.password, "Amber-Kettle-19");
    expect(answer).toEqual([500, "outcomeUnknown"]);
    expect(await person.bind("Amber-Kettle-19")).toBe("ok");
  });
});
