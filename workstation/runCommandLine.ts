import { CommandError } from "./commandError.ts";
import { refuseUnsafeEnvironment } from "./environment.ts";
import type { Streams } from "./runMain.ts";
import { readCommandLine } from "./syntax/readCommandLine.ts";
import type { Options, Tool, Values } from "./syntax/tool.ts";

/**
 * Runs the command that a command line asks for.
 * @param start opens what the command works with and runs it; returns the exit code
 * @returns 1 after a CommandError, 2 for a wrong command line
 */
export async function runCommandLine<O extends Options, Run>(
  tool: Tool<O, Run>,
  argv: readonly string[],
  { print, complain }: Streams,
  start: (run: Run, values: Values<O>) => Promise<number>,
): Promise<number> {
  const asked = readCommandLine(tool, argv);
  if ("help" in asked) {
    print(asked.help.trimEnd());
    return 0;
  }
  if ("wrong" in asked) {
    complain(asked.wrong);
    return 2;
  }
  try {
    refuseUnsafeEnvironment(process.env);
    return await start(asked.run, asked.values);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    complain(`${error.message}\n`);
    return 1;
  }
}
