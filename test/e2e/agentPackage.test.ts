import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { canBind } from "../../local/accounts/canBind.ts";
import { registerThere } from "../../local/stack/registrationDoor.ts";
import { eventually } from "./eventually.ts";
import { postdeploy } from "./postdeploy.ts";
import { type Copy, end, isAlive, start } from "./runningCopy.ts";

const run = promisify(execFile);
/** Spaces, as in `C:\Program Files`. */
const FOLDER = mkdtempSync(join(tmpdir(), "agent package "));
const INSTALLED = join(FOLDER, "else where");
const PACKAGES = join(INSTALLED, "node_modules");
const PACKAGE = join(PACKAGES, "@password-writeback/agent");
const AGENT = join(PACKAGE, "dist/agent.cjs");
/** By the name that npm gave it; the system's own Node may be too old to be asked. */
const COMMAND = join(PACKAGES, ".bin/password-writeback-agent");
const agent = (...words: readonly string[]) =>
  run(process.execPath, [COMMAND, ...words], { cwd: INSTALLED });

const tarballs = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".tgz"));

/** Installs the tarball with nothing at hand but itself: no network, and an empty cache. */
async function install(): Promise<void> {
  await run(process.execPath, ["scripts/build.ts", "--only", "agent", "--out", FOLDER]);
  const [tarball = ""] = tarballs(FOLDER);
  mkdirSync(INSTALLED);
  const options = ["--offline", "--no-audit", "--no-fund", "--cache", join(FOLDER, "cache")];
  await run("npm", ["install", ...options, join(FOLDER, tarball)], { cwd: INSTALLED });
}

beforeAll(install, 120_000);
afterAll(() => rmSync(FOLDER, { recursive: true }));

describe("the agent's tarball, installed in an empty folder", () => {
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

  it("is what npm pack makes of the folder agent/ after a build", async () => {
    const source = join(FOLDER, "source");
    cpSync(PACKAGE, source, { recursive: true });
    for (const name of ["package.json", "README.md"])
      cpSync(join("agent", name), join(source, name));
    writeFileSync(join(source, "main.ts"), "");
    const words = ["pack", "--json", "--ignore-scripts", "--pack-destination", FOLDER];
    const { stdout } = await run("npm", words, { cwd: source });
    const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
    const shipped = readdirSync(PACKAGE, { recursive: true, encoding: "utf8" });
    expect(packed?.files.map(({ path }) => path).sort()).toEqual(
      shipped.filter((name) => name !== "dist").sort(),
    );
    const described = JSON.parse(readFileSync("agent/package.json", "utf8"));
    expect(described).not.toHaveProperty("dependencies");
    expect(described.scripts).toEqual({ prepack: "node ../scripts/build.ts --only agent" });
  });

  it("says what it can do, in words that its README uses", async () => {
    const { stdout, stderr } = await agent("--help").catch((error) => error);
    const help = `${stdout}${stderr}`;
    expect(help).toMatch(/^Usage: password-writeback-agent /);
    const readme = readFileSync(join(PACKAGE, "README.md"), "utf8");
    const named = [...readme.matchAll(/^password-writeback-agent (\w+) (.*)$/gm)];
    expect(named.map(([, command]) => command)).toEqual(["enroll", "run"]);
    for (const [, command, rest = ""] of named)
      for (const word of [`${command} --`, ...(rest.match(/--[\w-]+/g) ?? [])])
        expect(help).toContain(` ${word}`);
  });

  it("says what is wrong with a command line", async () => {
    await expect(agent("dance")).rejects.toMatchObject({ code: 2 });
  });

  it("says which Node it needs, before anything else runs", async () => {
    const old = `Object.defineProperty(process.versions, "node", { value: "20.20.2" });`;
    const code = `${old} require(${JSON.stringify(AGENT)})`;
    const failed = run(process.execPath, ["-e", code, "agent", "--help"]);
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The agent needs Node\.js 22 or newer\. This is v[\d.]+\.\n$/),
    });
  });

  it("spares an agent at work the library that makes certificates", async () => {
    const tell = 'process.on("exit", () => console.log(typeof Reflect.metadata))';
    const code = `${tell}; require(${JSON.stringify(AGENT)})`;
    const words = ["agent", "run", "--config", "missing"];
    const failed = run(process.execPath, ["-e", code, ...words]);
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: "undefined\n" });
  });
});

describe("the agent installed elsewhere, against npm start", () => {
  const output: string[] = [];
  let copy: Copy;
  let second: ChildProcess | undefined;
  beforeAll(async () => {
    copy = await start(FOLDER, "stack");
  }, 120_000);
  afterAll(async () => {
    second?.kill("SIGKILL");
    if (copy) await end(copy, "SIGTERM");
  });

  const at = (name: string): string => join(FOLDER, name);
  const told = (what: string) => () => `${what}\n${output.join("")}`;
  const operator = (...words: readonly string[]) =>
    run(process.execPath, [
      ...["operator/main.ts", ...words, "--profile", copy.description.operatorProfile],
    ]);
  const call = (path: string, token: string, body?: unknown) =>
    fetch(`${copy.description.api}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  it("is awaited: before the first enrolment what was deployed is right without an agent", async () => {
    const { agent: first } = copy.description.processes;
    process.kill(first, "SIGTERM");
    await eventually("the first agent has ended", () => !isAlive(first));
    await operator("revoke-agent", "agent-1", "--yes");
    const { printed, asked } = await postdeploy(FOLDER, copy.description);
    const { apiClientId, tenantId } = JSON.parse(
      readFileSync(copy.description.operatorProfile, "utf8"),
    );
    expect(asked).toBe(
      `account get-access-token --output json --resource ${apiClientId} --tenant ${tenantId}`,
    );
    // As docs/deploy.md shows it.
    const shown = /^ok {6}GET .*?^ok {6}a probe of each connector$/ms;
    expect(printed).toBe(`${shown.exec(readFileSync("docs/deploy.md", "utf8"))?.[0]}\n`);
    const { portal } = copy.description.tokens;
    await expect(postdeploy(FOLDER, copy.description, portal)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^FAILED {2}a probe .* is no operator \(403 \w+\)$/m),
    });
  }, 90_000);

  it("is enrolled", async () => {
    const { logs } = copy.description;
    await operator("invite", "--connector", "corp", "--output", at("invitation.json"));
    const enroll = (...words: readonly string[]) =>
      agent("enroll", "--invitation", at("invitation.json"), ...words, "--folder", at("data"));
    const { stdout: told } = await enroll(
      ...["--id", "agent-2", "--directory", join(logs, "agent/directory.json")],
    );
    const fingerprint = /this agent's request +(\S+)/.exec(told)?.[1] ?? "";
    const request = at("data/enrolment-request.json");
    // What an administrator does in Entra.
    const { clientId, objectId } = await registerThere(logs, readFileSync(request, "utf8"));
    await operator(
      ...["add-agent", request, "--service-principal", objectId],
      ...["--fingerprint", fingerprint, "--yes"],
    );
    await enroll("--id", "agent-2", "--client-id", clientId);
  }, 90_000);

  it("works alone, for a probe and for a reset that the directory then holds to", async () => {
    const { description } = copy;
    second = spawn(process.execPath, [COMMAND, "run", "--config", at("data/agent.json")], {
      cwd: INSTALLED,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: join(process.cwd(), ".local/certificates/ca/certificate.pem"),
      },
    });
    second.stdout?.on("data", (text) => output.push(String(text)));
    second.stderr?.on("data", (text) => output.push(String(text)));
    await eventually(told("it is live"), async () => {
      const answer = await call("/v1.0/agents", description.tokens.operator);
      const { value } = (await answer.json()) as { value: { id: string; live: boolean }[] };
      return value.some(({ id, live }) => id === "agent-2" && live);
    });
    await eventually(told("it answers a probe"), async () => {
      const probe = await call("/v1.0/probe", description.tokens.operator, { connector: "corp" });
      return probe.status === 200 && output.join("").includes('"name":"accepted"');
    });
    const newPassword = "Willow-Lantern-52";
    const reset = await call("/v1.0/me/resetPassword", description.tokens.userSteppedUp, {
      newPassword,
    });
    expect([reset.status, await reset.json()]).toMatchObject([200, { status: "succeeded" }]);
    const { directory, users } = description;
    const ca = readFileSync(directory.caFile, "utf8");
    const upn = users[0]?.userPrincipalName ?? "";
    expect(await canBind({ ...directory, ca }, upn, newPassword)).toBe("ok");
    expect(output.join("")).not.toContain(newPassword);
  }, 300_000);

  it("is what a deployment is now tried with", async () => {
    const { printed } = await postdeploy(FOLDER, copy.description);
    expect(printed).toMatch(/^ {8}corp: 200, as it should\nok {6}a probe of each connector\n$/m);
  }, 90_000);

  it("ends when it is told to", async () => {
    const ended = second && once(second, "exit");
    second?.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  }, 60_000);
});
