import { runTool } from "../commandLine/runTool.ts";
import { usageOf } from "../commandLine/usage.ts";
import { ConfigurationError } from "./configuration.ts";
import { TOOL } from "./tool.ts";

export const USAGE = usageOf(TOOL);

/** Exit codes: 0 done, 1 a file or setting cannot be used, 2 the command line cannot. */
export const commandLine = (
  argv: readonly string[],
  complain: (text: string) => void,
  tell: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> =>
  runTool(TOOL, argv, { tell, complain, start: (run) => run(tell), explain: explained });

/** A file's own error names the file and what is wrong with it; it holds nothing of its content. */
function explained(error: unknown): string | undefined {
  if (error instanceof ConfigurationError) return error.message;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  return syscall === undefined || path === undefined ? undefined : `${path}: ${code}`;
}
