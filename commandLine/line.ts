import { parseArgs } from "node:util";
import type { Options, Values } from "./tool.ts";

/** Everything else may be a value, and a value may be a secret: it is not repeated. */
const PLAIN_OPTION = /^--?[A-Za-z][A-Za-z-]{0,30}$/;

/** An option as it was given. */
export interface Given {
  readonly name: string;
  /** As it was written: `--name`, or `-n`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** A command line, taken apart. */
export interface Line {
  readonly given: readonly Given[];
  /** What is no option, and no value of one. */
  readonly words: readonly string[];
}

/** Not strict: what is not known is complained of by `wrongOption`, without its value. */
export function readLine(argv: readonly string[], options: Options): Line {
  const taken = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value === undefined ? "boolean" : "string" }] as const,
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...Object.fromEntries(taken), help: { type: "boolean", short: "h" } },
    strict: false,
    tokens: true,
  });
  return {
    given: tokens.filter((token) => token.kind === "option"),
    words: tokens.flatMap((token) => (token.kind === "positional" ? token.value : [])),
  };
}

/** Whether the line asks to be helped, whatever else stands in it. */
export const wantsHelp = ({ given }: Line): boolean => given.some(({ name }) => name === "help");

/** What is wrong with the first option that is wrong by itself; undefined where all are right. */
export const wrongOption = ({ given }: Line, options: Options): string | undefined =>
  given.map((option) => wrongWith(option, given, options)).find((found) => found !== undefined);

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

/** What each option was given; one that was not is an empty text, or false. */
export const valuesOf = <O extends Options>({ given }: Line, options: O): Values<O> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => {
      const found = given.find((one) => one.name === name);
      return [name, value === undefined ? found !== undefined : (found?.value ?? "")];
    }),
  ) as Values<O>;
