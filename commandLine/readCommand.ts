import { type Line, valuesOf, wantsHelp, wrongOption } from "./line.ts";
import type { Command, Options, Values } from "./tool.ts";
import { shortUsage, usageOfCommand } from "./usage.ts";

/** What a command line asks for: to be helped, something to run, or nothing that is known. */
export type Asked<O extends Options, Run> =
  | { readonly help: string }
  /** What is missing or not known, in one line; then a usage. */
  | { readonly wrong: string }
  | { readonly run: Run; readonly values: Values<O> };

/** How a command is called, and by which name complaints call it. */
export interface Called {
  readonly called: string;
  readonly subject: string;
}

/** Reads what one command is given. @param line without the command's own name */
export function readCommand<O extends Options, Run>(
  { called, subject }: Called,
  options: O,
  command: Command<O, Run>,
  line: Line,
): Asked<O, Run> {
  if (wantsHelp(line)) return { help: usageOfCommand(called, options, command) };
  const values = valuesOf(line, options);
  const wrong =
    wrongOption(line, options) ?? misfit(subject, command, line) ?? command.wrong?.(values);
  if (wrong !== undefined) return { wrong: `${wrong}.\n\n${shortUsage(called, options, command)}` };
  return { run: command.run(values, line.words[0] ?? ""), values };
}

function misfit<O extends Options, Run>(
  subject: string,
  { operand, needs, may }: Command<O, Run>,
  { given, words }: Line,
): string | undefined {
  const fits = (option: string) => needs.includes(option) || may.includes(option);
  const excess = given.find((option) => !fits(option.name));
  if (excess) return `${subject} takes no --${excess.name}`;
  const missing = [
    ...(operand && !words[0] ? [operand] : []),
    ...needs.filter((option) => !given.some((one) => one.name === option)).map((n) => `--${n}`),
  ];
  if (missing.length > 0) return `${missing.join(", ")} ${missing[1] ? "are" : "is"} missing`;
  if (words.length <= (operand ? 1 : 0)) return undefined;
  return operand ? `${subject} takes one ${operand}` : `${subject} takes options only`;
}
