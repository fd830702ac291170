import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import { type Stack, startStack } from "../../local/stack/startStack.ts";
import { verifyEnrolmentRequest } from "../../protocol/enrolment.ts";
import { enrolledKey } from "../integration/agent/trustRoot.ts";

const run = promisify(execFile);
const FOLDER = mkdtempSync(join(tmpdir(), "agent-package-"));
const INSTALLED = join(FOLDER, "elsewhere");
const PACKAGES = join(INSTALLED, "node_modules");
const PACKAGE = join(PACKAGES, "@password-writeback/agent");
const AGENT = join(PACKAGE, "dist/agent.cjs");
/** By the name that npm gave it; the system's own Node may be too old to be asked. */
const agent = (...words: readonly string[]) =>
  run(process.execPath, [join(PACKAGES, ".bin/password-writeback-agent"), ...words]);

/** Installs the tarball with nothing at hand but itself: no network, and an empty cache. */
async function install(): Promise<void> {
  await run(process.execPath, ["scripts/build.ts", "--only", "agent", "--out", FOLDER]);
  const [tarball = ""] = readdirSync(FOLDER).filter((name) => name.endsWith(".tgz"));
  mkdirSync(INSTALLED);
  const options = ["--offline", "--no-audit", "--no-fund", "--cache", join(FOLDER, "cache")];
  await run("npm", ["install", ...options, join(FOLDER, tarball)], { cwd: INSTALLED });
}

describe("the agent's tarball, installed in an empty folder", () => {
  beforeAll(install, 120_000);
  afterAll(() => rmSync(FOLDER, { recursive: true }));

  it("needs nothing else", () => {
    expect(readdirSync(PACKAGES).filter((name) => !name.startsWith("."))).toEqual([
      "@password-writeback",
    ]);
    expect(readdirSync(join(PACKAGES, "@password-writeback"))).toEqual(["agent"]);
    const described = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
    expect(described).toMatchObject({ engines: { node: ">=22" } });
    expect(Object.keys(described).filter((key) => /dependencies|workspaces/i.test(key))).toEqual(
      [],
    );
    expect(readdirSync(PACKAGE).sort()).toEqual([
      ...["LICENSE", "README.md", "THIRD-PARTY-LICENSES.txt", "dist", "package.json"],
    ]);
  });

  it("says what it can do, in words that its README uses", async () => {
    const { stderr: help } = await agent("--help").catch((error) => error);
    expect(help).toMatch(/^Usage: password-writeback-agent run --config FILE/);
    const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
    const named = [...readme.matchAll(/^password-writeback-agent (\w+) (.*)$/gm)];
    expect(named.map(([, command]) => command)).toEqual(["enroll", "run"]);
    for (const [, command, rest = ""] of named)
      for (const word of [
        `password-writeback-agent ${command}`,
        ...(rest.match(/--[\w-]+/g) ?? []),
      ])
        expect(help).toContain(word);
  });

  it("says what is wrong with a command line", async () => {
    await expect(agent("dance")).rejects.toMatchObject({ code: 2 });
  });

  it("enrols an agent, with what only enrolment needs", async () => {
    const { open } = await enrolledKey();
    const id = "11111111-1111-4111-8111-111111111111";
    const invitation = {
      version: 1,
      api: "https://writeback.contoso.example",
      tenantId: id,
      authority: "https://login.microsoftonline.com",
      apiClientId: id,
      connector: "corp",
      relay: { namespace: "contoso.servicebus.windows.net" },
      rootKey: open,
    };
    const at = (name: string) => join(FOLDER, name);
    writeFileSync(at("invitation.json"), JSON.stringify(invitation));
    const files = ["--invitation", at("invitation.json"), "--folder", at("data")];
    await agent("enroll", "--id", "agent-2", ...files);
    const request = JSON.parse(readFileSync(at("data/enrolment-request.json"), "utf8"));
    expect(await verifyEnrolmentRequest(request)).toMatchObject({ id: "agent-2" });
  }, 60_000);

  it("spares an agent at work the library that makes certificates", async () => {
    const tell = 'process.on("exit", () => console.log(typeof Reflect.metadata))';
    const code = `${tell}; require(${JSON.stringify(AGENT)})`;
    const words = ["agent", "run", "--config", "missing"];
    const failed = run(process.execPath, ["-e", code, ...words]);
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: "undefined\n" });
  });

  describe("at work", () => {
    let stack: Stack | undefined;
    beforeAll(async () => {
      stack = await startStack({
        root: process.cwd(),
        startDirectory: (certificates) => startSimulatedDirectory({ certificates }),
        agentScript: relative(process.cwd(), AGENT),
      });
    }, 120_000);
    afterAll(() => stack?.stop(), 60_000);

    it("takes a probe from the cloud half", async () => {
      if (!stack) throw new Error("nothing was started");
      const { api, tokens, folder } = stack;
      const answer = await fetch(`${api}/v1.0/probe`, {
        method: "POST",
        headers: { Authorization: `Bearer ${await tokens.operator()}` },
        body: JSON.stringify({ connector: "corp" }),
      });
      expect([answer.status, await answer.json()]).toMatchObject([200, { status: "succeeded" }]);
      expect(readFileSync(join(folder, "agent.log"), "utf8")).toContain('"name":"accepted"');
    });
  });
});
