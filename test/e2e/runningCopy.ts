import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Description } from "../../local/stack/description.ts";

export const README = readFileSync("README.md", "utf8");
/** The first fenced block of the README that starts with this pattern. */
export const fenced = (start: string): string =>
  new RegExp(`\`\`\`\\w*\n(${start}[\\s\\S]*?)\n\`\`\``).exec(README)?.[1] ?? "";

/** A running `npm start`. */
export interface Copy {
  readonly process: ChildProcess;
  readonly output: string[];
  readonly description: Description;
}

/** Starts what `npm start` starts, as its user would, with these options too. */
export async function start(
  folder: string,
  name: string,
  options: readonly string[] = [],
): Promise<Copy> {
  const file = join(folder, `${name}.json`);
  const child = spawn(process.execPath, ["local/start.ts", "--describe", file, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  child.stdout.on("data", (text) => output.push(String(text)));
  child.stderr.on("data", (text) => output.push(String(text)));
  const until = Date.now() + 90_000;
  while (!existsSync(file) && child.exitCode === null && Date.now() < until) await delay(100);
  if (!existsSync(file)) throw new Error(`did not start:\n${output.join("")}`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  return { process: child, output, description: JSON.parse(readFileSync(file, "utf8")) };
}

/** @returns the exit code */
export async function end(copy: Copy, signal: NodeJS.Signals): Promise<number | null> {
  if (copy.process.exitCode !== null) return copy.process.exitCode;
  const ended = new Promise<number | null>((resolve) => copy.process.once("exit", resolve));
  copy.process.kill(signal);
  return ended;
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A command of the README, against the port that this copy got; npm itself prints nothing. */
export const shell = async (command: string, { api }: Description): Promise<string> => {
  const port = new URL(api).port;
  const { stdout } = await promisify(execFile)("bash", ["-c", command.replaceAll("7071", port)], {
    env: { ...process.env, npm_config_loglevel: "silent" },
  });
  return stdout;
};
