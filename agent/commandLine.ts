import { ConfigurationError } from "./configuration.ts";
import { refuseUnsafeEnvironment } from "./environment.ts";
import { readCommandLine } from "./syntax/readCommandLine.ts";
import { usageOf } from "./syntax/usage.ts";
import { TOOL } from "./tool.ts";

export const USAGE = usageOf(TOOL);

/** Exit codes: 0 done, 1 a file or setting cannot be used, 2 the command line cannot. */
export async function commandLine(
  argv: readonly string[],
  complain: (text: string) => void,
  tell: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const asked = readCommandLine(TOOL, argv);
  if ("help" in asked) {
    tell(asked.help);
    return 0;
  }
  if ("wrong" in asked) {
    complain(asked.wrong);
    return 2;
  }
  try {
    refuseUnsafeEnvironment(process.env);
    return await asked.run(tell);
  } catch (error) {
    const told = explained(error);
    if (told === undefined) throw error;
    complain(`${told}\n`);
    return 1;
  }
}

/** A file's own error names the file and what is wrong with it; it holds nothing of its content. */
function explained(error: unknown): string | undefined {
  if (error instanceof ConfigurationError) return error.message;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  return syscall === undefined || path === undefined ? undefined : `${path}: ${code}`;
}
