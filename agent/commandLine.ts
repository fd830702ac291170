import { parseArgs } from "node:util";
import { run } from "./commands/run.ts";
import { ConfigurationError } from "./configuration.ts";

export const USAGE = `Usage: password-writeback-agent run --config FILE

  run     carry out requests from the cloud until told to stop

  --config FILE   configuration of this agent, as JSON
`;

/** Exit codes: 0 done, 1 the configuration cannot be used, 2 the command line cannot. */
export async function commandLine(
  argv: readonly string[],
  complain: (text: string) => void,
): Promise<number> {
  const configFile = parse(argv);
  if (configFile === undefined) {
    complain(USAGE);
    return 2;
  }
  try {
    return await run(configFile);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    complain(`${error.message}\n`);
    return 1;
  }
}

function parse(argv: readonly string[]): string | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { config: { type: "string" } },
    });
    return positionals.length === 1 && positionals[0] === "run" ? values.config : undefined;
  } catch {
    return undefined;
  }
}
