import { unsafeEnvironment } from "../../commandLine/unsafeEnvironment.ts";

/**
 * Runs a hook of azd in this process, and ends it. Hooks ask for tokens and send them: not in an
 * environment that would show them.
 * @param hook returns the exit code
 */
export function runHook(hook: () => Promise<number>): void {
  run(hook).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exit(1);
    },
  );
}

async function run(hook: () => Promise<number>): Promise<number> {
  const unsafe = unsafeEnvironment(process.env);
  if (unsafe !== undefined) throw new Error(unsafe);
  return hook();
}
