import { readCommandLine } from "./readCommandLine.ts";
import type { Options, Tool, Values } from "./tool.ts";
import { unsafeEnvironment } from "./unsafeEnvironment.ts";

/** How a tool speaks, and runs what it is asked for. */
export interface Manner<O extends Options, Run> {
  /** Text as it is, to the standard output. */
  readonly tell: (text: string) => void;
  /** Text as it is, to the standard error. */
  readonly complain: (text: string) => void;
  /** @returns the exit code */
  readonly start: (run: Run, values: Values<O>) => Promise<number>;
  /** What is said of an error; undefined for one that nobody could have foreseen. */
  readonly explain: (error: unknown) => string | undefined;
}

/**
 * Runs the command that a command line asks for.
 * @returns the command's exit code, 1 after an error that is explained or in an environment that
 * is not safe, 2 for a wrong command line
 * @throws what `explain` does not explain
 */
export async function runTool<O extends Options, Run>(
  tool: Tool<O, Run>,
  argv: readonly string[],
  { tell, complain, start, explain }: Manner<O, Run>,
): Promise<number> {
  const asked = readCommandLine(tool, argv);
  if ("help" in asked) {
    tell(asked.help);
    return 0;
  }
  if ("wrong" in asked) {
    complain(asked.wrong);
    return 2;
  }
  const unsafe = unsafeEnvironment(process.env);
  if (unsafe !== undefined) {
    complain(`${unsafe}\n`);
    return 1;
  }
  try {
    return await start(asked.run, asked.values);
  } catch (error) {
    const told = explain(error);
    if (told === undefined) throw error;
    complain(`${told}\n`);
    return 1;
  }
}
