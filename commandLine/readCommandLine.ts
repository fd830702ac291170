import { readLine, wantsHelp, wrongOption } from "./line.ts";
import { type Asked, readCommand } from "./readCommand.ts";
import type { Options, Tool } from "./tool.ts";
import { usageOf } from "./usage.ts";

/** Everything else may be a secret: it is not repeated. */
const PLAIN_COMMAND = /^[a-z][a-z-]{0,30}$/;

/** Reads the command line of a tool: one of its commands, and what that is given. */
export function readCommandLine<O extends Options, Run>(
  tool: Tool<O, Run>,
  argv: readonly string[],
): Asked<O, Run> {
  const { options, commands } = tool;
  const line = readLine(argv, options);
  const [name = "", ...words] = line.words;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) {
    const called = { called: `${tool.name} ${name}`, subject: name };
    return readCommand(called, options, command, { ...line, words });
  }
  if (wantsHelp(line)) return { help: usageOf(tool) };
  return { wrong: `${wrongOption(line, options) ?? notCommand(name)}.\n\n${usageOf(tool)}` };
}

function notCommand(name: string): string {
  if (name === "") return "the command is missing";
  return PLAIN_COMMAND.test(name) ? `unknown command "${name}"` : "unknown command";
}
