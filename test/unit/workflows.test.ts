import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly "runs-on": string;
  readonly container?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = ".github/workflows";
const FILES = readdirSync(FOLDER);
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
  scripts: Record<string, string>;
};

const textOf = (file: string): string => readFileSync(`${FOLDER}/${file}`, "utf8");
const workflow = (file: string): Workflow => parse(textOf(file), { strict: true });
const jobsOf = (file: string): [string, Job][] => Object.entries(workflow(file).jobs);
const stepsOf = (file: string): Step[] => jobsOf(file).flatMap(([, { steps }]) => steps);
const commandsOf = (file: string): string =>
  stepsOf(file)
    .map(({ run = "" }) => run)
    .join("\n");

/** Actions that are taken: GitHub's own, and few. */
const ACTIONS = ["checkout", "setup-node", "upload-artifact", "attest-build-provenance"];
/** What a job may have beyond reading the repository. */
const WRITES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "release.yml publish": { contents: "write", "id-token": "write", attestations: "write" },
};

test("CI and release are there", () => {
  expect([...FILES].sort()).toEqual(["ci.yml", "release.yml"]);
});

describe.each(FILES)("%s", (file) => {
  test("pins each action to a commit, and says which version that is", () => {
    const uses = stepsOf(file).flatMap(({ uses: action }) => (action ? [action] : []));
    expect(uses.length).toBe([...textOf(file).matchAll(/uses:/g)].length);
    for (const action of uses) {
      const [, name] = /^actions\/([a-z-]+)@[0-9a-f]{40}$/.exec(action) ?? [];
      expect(ACTIONS).toContain(name);
      expect(textOf(file)).toMatch(new RegExp(`uses: ${action} # v\\d+\\.\\d+\\.\\d+\\n`));
    }
  });

  test("pins whatever else it fetches to one version", () => {
    const jobs = jobsOf(file).map(([, job]) => job);
    for (const container of jobs.flatMap((job) => job.container ?? []))
      expect(container).toMatch(/^node:24\.\d+\.\d+-bookworm@sha256:[0-9a-f]{64}$/);
    const commands = commandsOf(file);
    for (const [, named] of commands.matchAll(/npm install (.+)/g))
      expect(named).toMatch(/^--global [\w-]+@\d+\.\d+\.\d+$/);
    for (const [, named] of commands.matchAll(/bicep install(.*)/g))
      expect(named).toMatch(/^ --version v\d+\.\d+\.\d+$/);
    expect(commands).not.toMatch(/\b(?:curl|wget|npx|pip)\b/);
  });

  test("begins with the right to read, and no job has more than it needs", () => {
    const { permissions } = workflow(file);
    expect(permissions).toEqual({ contents: "read" });
    const writes = jobsOf(file).flatMap(([name, job]) => {
      const more = Object.entries(job.permissions ?? {}).filter(([, right]) => right !== "read");
      return more.length > 0 ? [[`${file} ${name}`, Object.fromEntries(more)]] : [];
    });
    const allowed = Object.entries(WRITES).filter(([job]) => job.startsWith(file));
    expect(writes).toEqual(allowed);
  });

  test("leaves no token in the working copy", () => {
    const checkouts = stepsOf(file).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const { with: given } of checkouts) expect(given?.["persist-credentials"]).toBe(false);
  });

  test("runs nothing of a stranger's with rights of its own", () => {
    const events = Object.keys(workflow(file).on);
    for (const event of ["pull_request_target", "workflow_run", "issue_comment"])
      expect(events).not.toContain(event);
    // What a stranger may choose (a branch's name, a title) would be run as part of the command.
    expect(commandsOf(file)).not.toContain("${{");
  });

  test("reads no secret but the run's own token, and prints none", () => {
    expect(textOf(file)).not.toMatch(/secrets[.[]/);
    expect(commandsOf(file)).not.toMatch(/GH_TOKEN|GITHUB_TOKEN|printenv|\benv\b|set -x/);
    const jobsWithToken = jobsOf(file).filter(([, { env }]) => env?.GH_TOKEN !== undefined);
    expect(jobsWithToken.map(([name]) => name)).toEqual(file === "release.yml" ? ["publish"] : []);
  });

  test("names scripts and files that exist", () => {
    const commands = commandsOf(file);
    const named = [
      ...commands.matchAll(/\bnpm (?:run (?:--silent )?)?(start|test|(?<=run .*)[\w:]+)/g),
    ];
    expect(named.length).toBeGreaterThan(0);
    for (const [, script = ""] of named) expect(Object.keys(scripts)).toContain(script);
    const files = commands.matchAll(
      /(?<![\w./$-])(?:\.ci|scripts|infra|test|node_modules)(?:\/[\w.-]+)+/g,
    );
    for (const [path] of files) expect([path, existsSync(path)]).toEqual([path, true]);
  });

  test("ends by itself, on a machine of a known kind", () => {
    for (const [, job] of jobsOf(file)) {
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(45);
      expect(job["runs-on"]).toMatch(/^ubuntu-\d+\.\d+$/);
    }
  });
});

test("CI comes with every change, a release with a tag that is a version", () => {
  expect(workflow("ci.yml").on).toEqual({ push: { branches: ["main"] }, pull_request: null });
  expect(workflow("release.yml").on).toEqual({ push: { tags: ["v*"] } });
});

test("CI does what is said to be done before a change lands", () => {
  expect(commandsOf("ci.yml")).toContain(".ci/run");
  const gate = readFileSync(".ci/run", "utf8");
  for (const [, script = ""] of gate.matchAll(/npm (?:run )?(?:--silent )?(\w+)/g))
    expect(Object.keys(scripts)).toContain(script);
});

test("CI has every Node that is promised, the compiler of the templates and the real host", () => {
  const { runtimes } = workflow("ci.yml").jobs;
  expect(runtimes?.strategy?.matrix.node).toEqual([22, 24, 26]);
  const [setUp] = runtimes?.steps.filter(({ uses }) => uses?.includes("/setup-node@")) ?? [];
  expect(setUp?.with?.["node-version"]).toMatch(/^\$\{\{ matrix\.node \}\}$/);
  const commands = commandsOf("ci.yml");
  expect(commands).toContain("npm run --silent bicep");
  expect(scripts.bicep).toMatch(/^az bicep lint .*main\.bicep && az bicep build .*main\.bicep /);
  expect(commands).toMatch(/azure-functions-core-tools@\S+\nnpm run smoke$/m);
});

test("where Samba is not left out, the machine is one that it can be unpacked on", () => {
  const all = FILES.flatMap(jobsOf).map(([, job]) => job);
  const tested = all.filter(({ steps }) =>
    steps.some(({ run }) => /\.ci\/run|jest/.test(run ?? "")),
  );
  expect(tested).toHaveLength(3);
  for (const { container, env } of tested)
    expect((container !== undefined) !== (env?.SAMBA === "off")).toBe(true);
});

test("what is released is all that the build makes, and its sums are checked first", () => {
  const steps = stepsOf("release.yml");
  const [upload] = steps.filter(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
  const uploaded = String(upload?.with?.path).trim().split("\n");
  expect(uploaded).toEqual(["dist/functions.zip", "dist/*.tgz", "dist/SHA256SUMS"]);
  const [attest] = steps.filter(({ uses }) => uses?.includes("attest"));
  expect(String(attest?.with?.["subject-path"]).trim().split("\n")).toEqual([
    ...["release/functions.zip", "release/*.tgz"],
  ]);
  expect(commandsOf("release.yml")).toContain("npm run build\nsha256sum --check SHA256SUMS");
});

test("nothing of the repository runs where there are rights to write", () => {
  for (const [name, { permissions = {}, steps }] of FILES.flatMap(jobsOf)) {
    if (!Object.values(permissions).includes("write")) continue;
    expect([name, steps.some(({ uses }) => uses?.startsWith("actions/checkout@"))]).toEqual([
      name,
      false,
    ]);
    for (const { run } of steps) expect(run ?? "gh ").toMatch(/^(?:gh|sha256sum) /);
  }
});

test("nothing is released that was not tested in the same run", () => {
  const commands = commandsOf("release.yml");
  expect(commands.indexOf(".ci/run")).toBeGreaterThan(-1);
  expect(commands.indexOf(".ci/run")).toBeLessThan(commands.indexOf("npm run build"));
});
