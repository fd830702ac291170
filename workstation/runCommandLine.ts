import { runTool } from "../commandLine/runTool.ts";
import type { Options, Tool, Values } from "../commandLine/tool.ts";
import { CommandError } from "./commandError.ts";
import type { Streams } from "./runMain.ts";

/**
 * Runs the command that a command line asks for.
 * @param start opens what the command works with and runs it; returns the exit code
 * @returns also 1 after a CommandError, 2 for a wrong command line
 */
export const runCommandLine = <O extends Options, Run>(
  tool: Tool<O, Run>,
  argv: readonly string[],
  { print, complain }: Streams,
  start: (run: Run, values: Values<O>) => Promise<number>,
): Promise<number> =>
  runTool(tool, argv, {
    tell: (text) => print(text.trimEnd()),
    complain,
    start,
    explain: (error) => (error instanceof CommandError ? error.message : undefined),
  });
