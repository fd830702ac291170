import type { Command, Option, Options, Tool } from "./tool.ts";

/** All commands and options of a tool. */
export function usageOf<O extends Options, Run>(tool: Tool<O, Run>): string {
  const commands = Object.entries(tool.commands).map(
    ([name, command]) => `  ${synopsis(name, tool.options, command)}\n      ${command.does}\n`,
  );
  return `Usage: ${tool.name} COMMAND [options]

${commands.join("")}
${optionLines(tool.options, Object.keys(tool.options))}
  COMMAND --help says what a command takes

${tool.notes}
`;
}

/** What one command takes, in one line. @param called how it is called */
export const shortUsage = <O extends Options, Run>(
  called: string,
  options: O,
  command: Command<O, Run>,
): string => `Usage: ${synopsis(called, options, command)}\n`;

/** What one command does and takes. @param called how it is called */
export function usageOfCommand<O extends Options, Run>(
  called: string,
  options: O,
  command: Command<O, Run>,
): string {
  const lines = optionLines(options, [...command.needs, ...command.may]);
  return `${shortUsage(called, options, command)}\n  ${command.does}\n${lines && `\n${lines}\n`}`;
}

function synopsis<O extends Options, Run>(
  called: string,
  options: O,
  { operand, needs, may }: Command<O, Run>,
): string {
  const words = (option: string) => wordsOf(option, options[option]);
  const optional = may.map((option) => `[${words(option)}]`);
  return [called, ...(operand ? [operand] : []), ...needs.map(words), ...optional].join(" ");
}

const wordsOf = (name: string, option: Option | undefined): string =>
  option?.value === undefined ? `--${name}` : `--${name} ${option.value}`;

function optionLines(options: Options, names: readonly string[]): string {
  const lines = names.map((name) => [wordsOf(name, options[name]), options[name]?.meaning]);
  const width = Math.max(...lines.map(([words = ""]) => words.length));
  return lines.map(([words = "", meaning]) => `  ${words.padEnd(width)}  ${meaning}`).join("\n");
}
