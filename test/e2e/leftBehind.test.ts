import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { anyFreePort } from "../../local/stack/freePort.ts";
import { eventually } from "./eventually.ts";
import { end, isAlive, start } from "./runningCopy.ts";

const run = promisify(execFile);
const FOLDER = mkdtempSync(join(tmpdir(), "left-behind-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const processes = async (): Promise<string> => (await run("ps", ["-eo", "args"])).stdout;
const childrenOf = async (pid: number | undefined): Promise<number[]> => {
  const { stdout } = await run("ps", ["-eo", "ppid=,pid="]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  return rows.filter(([parent]) => parent === pid).map(([, child = 0]) => child);
};
/** Owner files of a process; those of other copies come and go meanwhile. */
const foldersOf = async (pid: number | undefined): Promise<string[]> => {
  const names = (await readdir(".local")).filter((name) => name.endsWith(".owner"));
  const owners = names.map((name) => readFile(join(".local", name), "utf8").catch(() => ""));
  const texts = await Promise.all(owners);
  return names.filter((_, at) => texts[at] === String(pid));
};

test("a description that cannot be written ends it with a sentence, and nothing stays", async () => {
  const port = await anyFreePort();
  const describe = join(FOLDER, "nowhere", "stack.json");
  const options = ["--port", String(port), "--describe", describe];
  await expect(run(process.execPath, ["local/start.ts", ...options])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Could not start: .*\n$/),
  });
  expect(existsSync(`.local/${port}`) || existsSync(`.local/${port}.owner`)).toBe(false);
  const left = (await processes()).split("\n");
  expect(left.filter((args) => args.includes(`/.local/${port}/`))).toEqual([]);
  expect(left.filter((args) => args.includes(`--port ${port} `))).toEqual([]);
}, 120_000);

test("settings for a folder that is not there are refused before anything starts", async () => {
  const settings = join(FOLDER, "nowhere", "local.settings.json");
  const words = ["local/start.ts", "--no-host", "--settings", settings];
  await expect(run(process.execPath, words)).rejects.toMatchObject({
    code: 2,
    stdout: "",
    stderr: `There is no ${join(FOLDER, "nowhere")}.\n`,
  });
});

test("a process that is lost is named; all end with a stack that was killed", async () => {
  const copy = await start(FOLDER, "killed", ["--port", String(await anyFreePort())]);
  const { api, processes: ours } = copy.description;
  const pids = await childrenOf(copy.process.pid);
  expect(pids.length).toBeGreaterThanOrEqual(3);
  const tables = pids.find((pid) => !Object.values(ours).includes(pid)) ?? 0;
  process.kill(tables, "SIGKILL");
  await eventually("the tables are named", () =>
    copy.output.join("").includes("The process of the tables has ended."),
  );
  await end(copy, "SIGKILL");
  await eventually("functions and agent end", () => !pids.some(isAlive), 60_000);
  const folder = `.local/${new URL(api).port}`;
  for (const left of [folder, `${folder}.owner`]) rmSync(left, { recursive: true, force: true });
}, 160_000);

test("a bench that is ended stops its stack first", async () => {
  const words = ["--quick", "--part", "simulated", "--json", join(FOLDER, "bench.json")];
  const bench = spawn(process.execPath, ["test/bench/bench.ts", ...words], { stdio: "ignore" });
  const ended = once(bench, "exit");
  let pids: number[] = [];
  const haveStarted = async () => {
    pids = await childrenOf(bench.pid);
    return pids.length >= 3;
  };
  await eventually("the bench has started its processes", haveStarted, 90_000);
  expect(await foldersOf(bench.pid)).toHaveLength(1);
  bench.kill("SIGTERM");
  expect(await ended).toEqual([1, null]);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await foldersOf(bench.pid)).toEqual([]);
}, 120_000);
