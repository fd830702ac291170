import { readLine } from "./line.ts";
import { type Asked, readCommand } from "./readCommand.ts";
import type { Command, Options } from "./tool.ts";

/** One command that is called by a name of its own. */
export interface Program<O extends Options, Run> extends Command<O, Run> {
  readonly name: string;
  readonly options: O;
}

/** Reads the command line of a program. */
export const readProgram = <O extends Options, Run>(
  program: Program<O, Run>,
  argv: readonly string[],
): Asked<O, Run> =>
  readCommand(
    { called: program.name, subject: "the command" },
    program.options,
    program,
    readLine(argv, program.options),
  );

/**
 * What this process was asked for on its command line. Ends the process after `--help`, with exit
 * code 0, and where the command line is wrong, with 2.
 */
export function askedOf<O extends Options, Run>(program: Program<O, Run>): Run {
  const asked = readProgram(program, process.argv.slice(2));
  if ("run" in asked) return asked.run;
  if ("help" in asked) {
    process.stdout.write(asked.help);
    return process.exit(0);
  }
  process.stderr.write(asked.wrong);
  return process.exit(2);
}
