import { parseArgs } from "node:util";
import type { Command, Options, Tool, Values } from "./tool.ts";
import { shortUsage, usageOf, usageOfCommand } from "./usage.ts";

/** What a command line asks for: to be helped, something to run, or nothing that is known. */
export type Asked<O extends Options, Run> =
  | { readonly help: string }
  | { readonly wrong: string }
  | { readonly run: Run; readonly values: Values<O> };

/** Everything else may be a value, and a value may be a secret: it is not repeated. */
const PLAIN_OPTION = /^--?[A-Za-z][A-Za-z-]{0,30}$/;
const PLAIN_COMMAND = /^[a-z][a-z-]{0,30}$/;

interface Given {
  readonly name: string;
  /** As it was written: `--name`, or `-n`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/**
 * Reads a command line.
 * @returns `wrong`: in one line what is missing or not known, then the usage of the command
 */
export function readCommandLine<O extends Options, Run>(
  tool: Tool<O, Run>,
  argv: readonly string[],
): Asked<O, Run> {
  const { given, name, operands } = parse(argv, tool.options);
  const command = Object.hasOwn(tool.commands, name ?? "") ? tool.commands[name ?? ""] : undefined;
  if (given.some((option) => option.name === "help"))
    return { help: command && name ? usageOfCommand(tool, name, command) : usageOf(tool) };
  const wrongOption = given
    .map((option) => wrongWith(option, given, tool.options))
    .find((found) => found !== undefined);
  if (!command || name === undefined)
    return { wrong: `${wrongOption ?? notCommand(name)}.\n\n${usageOf(tool)}` };
  const values = valuesOf(tool.options, given);
  const wrong = wrongOption ?? misfit(name, command, given, operands) ?? command.wrong?.(values);
  if (wrong !== undefined) return { wrong: `${wrong}.\n\n${shortUsage(tool, name, command)}` };
  return { run: command.run(values, operands[0] ?? ""), values };
}

/** Not strict: what is not known is complained of here, without its value. */
function parse(argv: readonly string[], options: Options) {
  const taken = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? "boolean" : "string" }] as const,
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...Object.fromEntries(taken), help: { type: "boolean", short: "h" } },
    strict: false,
    tokens: true,
  });
  const given: readonly Given[] = tokens.filter((token) => token.kind === "option");
  const [name, ...operands] = tokens.flatMap((one) => (one.kind === "positional" ? one.value : []));
  return { given, name, operands };
}

function wrongWith(option: Given, all: readonly Given[], options: Options): string | undefined {
  const { name, rawName, value = "", inlineValue = false } = option;
  const known = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!known) return PLAIN_OPTION.test(rawName) ? `unknown option ${rawName}` : "unknown option";
  if (all.filter((other) => other.name === name).length > 1) return `--${name} is given twice`;
  if (known.value === undefined) return inlineValue ? `--${name} takes no value` : undefined;
  if (value === "" || (!inlineValue && /^-./.test(value))) return `--${name} lacks its value`;
  const [pattern, what] = known.must ?? [];
  return pattern?.test(value) === false ? `--${name} must be ${what}` : undefined;
}

function notCommand(name: string | undefined): string {
  if (name === undefined) return "the command is missing";
  return PLAIN_COMMAND.test(name) ? `unknown command "${name}"` : "unknown command";
}

function misfit<O extends Options, Run>(
  name: string,
  { operand, needs, may }: Command<O, Run>,
  given: readonly Given[],
  operands: readonly string[],
): string | undefined {
  const fits = (option: string) => needs.includes(option) || may.includes(option);
  const excess = given.find((option) => !fits(option.name));
  if (excess) return `${name} takes no --${excess.name}`;
  const missing = [
    ...(operand && !operands[0] ? [operand] : []),
    ...needs.filter((option) => !given.some((one) => one.name === option)).map((n) => `--${n}`),
  ];
  if (missing.length > 0) return `${missing.join(", ")} ${missing[1] ? "are" : "is"} missing`;
  if (operands.length <= (operand ? 1 : 0)) return undefined;
  return operand ? `${name} takes one ${operand}` : `${name} takes options only`;
}

const valuesOf = <O extends Options>(options: O, given: readonly Given[]): Values<O> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => {
      const found = given.find((one) => one.name === name);
      return [name, value === undefined ? found !== undefined : (found?.value ?? "")];
    }),
  ) as Values<O>;
