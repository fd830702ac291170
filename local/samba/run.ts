import { spawn } from "node:child_process";

const TAIL_CHARACTERS = 2_000;

export interface RunOptions {
  /** Text for standard input; secrets go here, never on the command line. */
  readonly input?: string;
  readonly cwd?: string;
}

/**
 * Runs a command to its end and returns what it printed.
 *
 * @throws Error with the end of its standard error, if it cannot be started or does not exit with 0
 */
export function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: options.cwd, env: { ...process.env, LC_ALL: "C" } });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-TAIL_CHARACTERS);
    });
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.once("error", (cause) => reject(new Error(`${file} cannot be run`, { cause })));
    child.once("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${file} ended with ${code ?? signal}: ${errors.trim()}`));
    });
  });
}
