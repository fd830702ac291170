/** Runs a hook of azd in this process, and ends it. @param hook returns the exit code */
export function runHook(hook: () => Promise<number>): void {
  hook().then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exit(1);
    },
  );
}
