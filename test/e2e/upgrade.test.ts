import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import { Child } from "../../local/stack/child.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { eventually } from "./eventually.ts";
import { unpack } from "./upgrade/bundles.ts";
import { firstConfiguration } from "./upgrade/firstConfiguration.ts";
import { Person } from "./upgrade/person.ts";
import { SecondAgent, taken } from "./upgrade/secondAgent.ts";
import { publishAsFirst } from "./upgrade/trustTables.ts";

const TODAYS_AGENT = resolve("agent/main.ts");
const START_MS = 180_000;

const folder = mkdtempSync(join(tmpdir(), "upgrade-"));
const firstAgent = unpack("agent", folder);
afterAll(() => rmSync(folder, { recursive: true }));

let stack: Stack;
const agentLog = () => join(stack.folder, "agent.log");

/** A stack whose agent's configuration is the first version's, as its host would have kept it. */
async function startAsFirst(
  options: Omit<Parameters<typeof startStack>[0], "root" | "startDirectory">,
) {
  const agentOverrides = {};
  return startStack({
    root: process.cwd(),
    agentOverrides,
    startDirectory: async (certificates) => {
      const directory = await startSimulatedDirectory({ certificates });
      Object.assign(agentOverrides, firstConfiguration(directory));
      return directory;
    },
    ...options,
  });
}

const works = () => {
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
};

/** Both take requests, and whoever takes one, it is answered. */
async function share(script: string, published: () => Promise<void>): Promise<void> {
  const second = await SecondAgent.start(stack, script);
  try {
    await published();
    const before = taken(agentLog());
    const person = new Person(stack);
    await eventually("both take requests", async () => {
      const probes = Array.from({ length: 4 }, () => person.probe());
      for (const answer of await Promise.all(probes)) expect(answer).toEqual([200, undefined]);
      return taken(agentLog()) > before && taken(second.log) > 0;
    });
  } finally {
    await second.process.stop();
  }
}

describe("today's functions with an agent of the first version", () => {
  beforeAll(async () => {
    stack = await startAsFirst({ agentScript: firstAgent });
  }, START_MS);
  afterAll(() => stack?.stop(), START_MS);

  works();

  it(
    "an agent of today beside it takes its share",
    async () => {
      await share(TODAYS_AGENT, async () => {});
    },
    START_MS,
  );
});

describe("functions of the first version with today's agent", () => {
  let host: Child | undefined;
  /** Starts functions in the place of those that ran before. */
  const run = async (script: string, ...options: string[]) => {
    await host?.stop();
    const { Values, Host } = JSON.parse(readFileSync(join(folder, "local.settings.json"), "utf8"));
    host = new Child({
      command: [script, ...options, String(Host.LocalHttpPort)],
      environment: Values,
      logFile: join(folder, "functions.log"),
    });
  };

  beforeAll(async () => {
    stack = await startAsFirst({
      hostSettingsFile: join(folder, "local.settings.json"),
      settings: { TOTAL_WAIT_SECONDS: "6", WRITE_START_SECONDS: "4" },
    });
    await publishAsFirst(stack);
    await run("test/e2e/upgrade/bundleHost.ts", unpack("functions", folder));
    await stack.ready();
  }, START_MS);
  afterAll(async () => {
    await host?.stop();
    await stack?.stop();
  }, START_MS);

  it("the agent reads the first version's configuration, and says what to change in it", () => {
    const log = readFileSync(agentLog(), "utf8");
    expect(log).toMatch(/"name":"configurationOutdated",.*"encryptionKeyFile: keyFolder/);
  });

  works();

  it("a code that the first version does not know is passed on", async () => {
    const person = new Person(stack, "protected");
    expect(await person.reset("Willow-Lantern-52")).toEqual([502, "accountProtected"]);
    expect(await person.bind(person.user.password)).toBe("ok");
  });

  it(
    "an agent of the first version beside it takes its share",
    async () => {
      await share(firstAgent, () => publishAsFirst(stack));
    },
    START_MS,
  );

  it(
    "what it knows too late waits for functions that can be told, which need no new list",
    async () => {
      const person = new Person(stack, "neverExpires");
      const { agent } = stack.processes;
      agent.kill("SIGSTOP");
      const lost = await person.change(person.user.password, "Amber-Kettle-19");
      agent.kill("SIGCONT");
      expect(lost).toEqual([500, "outcomeUnknown"]);
      expect(await person.lateStatus()).toEqual([200, "running"]);
      await eventually("the agent tries to tell it", async () =>
        /"name":"outcomesNotTaken",.*"httpStatus":404/.test(readFileSync(agentLog(), "utf8")),
      );
      expect(await person.probe()).toEqual([200, undefined]);

      await stack.processes.agent.stop();
      await run("local/host/main.ts", "--port");
      stack.restartAgent();
      await stack.ready();
      await eventually(
        "it is told",
        async () => (await person.lateStatus())[1] === "requestExpired",
      );
      expect(await person.change(person.user.password, "Amber-Kettle-19")).toEqual([
        204,
        undefined,
      ]);
      expect(await person.bind("Amber-Kettle-19")).toBe("ok");
    },
    START_MS,
  );
});
