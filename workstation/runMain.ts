/** Where a command line writes to. */
export interface Streams {
  /** A line, to the standard output. */
  readonly print: (text: string) => void;
  /** Text as it is, to the standard error. */
  readonly complain: (text: string) => void;
}

/** Runs the command line of this process, and ends it. @param run returns the exit code */
export function runMain(run: (argv: readonly string[], streams: Streams) => Promise<number>): void {
  run(process.argv.slice(2), {
    print: (text) => process.stdout.write(`${text}\n`),
    complain: (text) => process.stderr.write(text),
  }).then(
    (code) => process.exit(code),
    (error: unknown) => {
      const name = error instanceof Error ? error.name : "unknown error";
      process.stderr.write(`The command failed: ${name}\n`);
      process.exit(1);
    },
  );
}
