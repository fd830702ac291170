import { parseArgs } from "node:util";
import { z } from "zod";
import { CommandError } from "../../workstation/commandError.ts";
import { refuseUnsafeEnvironment } from "../../workstation/environment.ts";
import type { Streams } from "../../workstation/runMain.ts";
import { agent } from "./commands/agent.ts";
import { api } from "./commands/api.ts";
import { functions } from "./commands/functions.ts";
import type { Desk } from "./desk.ts";
import type { Manner } from "./openDesk.ts";

export const USAGE = `Usage: npm run entra -- COMMAND --profile FILE [options]

  api                    the API's registration, its service principal, the agents' group
  functions              what the functions' identity may read in Microsoft Graph
      --identity ID      object id (principal id) of the managed identity
  agent REQUEST          an application for the agent that has written the request
      --fingerprint TEXT as the agent's host has shown it; not needed with --what-if

  --profile FILE         which tenant, and as whom to sign in, as JSON
  --what-if              say what would be done, and do nothing

Run again, a command does what is missing or wrong and nothing else.
Exit codes: 0 done, 1 refused or failed, 2 wrong command line.
`;

const OPTIONS = {
  profile: { type: "string" },
  "what-if": { type: "boolean", default: false },
  identity: { type: "string" },
  fingerprint: { type: "string" },
} as const;

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
type Run = (desk: Desk) => Promise<void>;

/** The command and whether everything that it needs is given, and nothing else. */
function commandOf({ positionals, values }: ReturnType<typeof parse>): Run | undefined {
  const [command, argument, ...more] = positionals;
  const { identity, fingerprint } = values;
  if (more.length > 0) return undefined;
  if (command === "agent") {
    const isTold = fingerprint !== undefined || values["what-if"];
    if (argument === undefined || identity !== undefined || !isTold) return undefined;
    return (desk) => agent(desk, argument, fingerprint);
  }
  if (argument !== undefined || fingerprint !== undefined) return undefined;
  if (command === "api" && identity === undefined) return api;
  if (command === "functions" && z.guid().safeParse(identity).success)
    return (desk) => functions(desk, identity ?? "");
  return undefined;
}

function read(argv: readonly string[]) {
  try {
    const given = parse(argv);
    const run = commandOf(given);
    const { profile } = given.values;
    if (!run || profile === undefined) return undefined;
    return { run, profile, whatIf: given.values["what-if"] };
  } catch {
    return undefined;
  }
}

export interface Surroundings extends Streams {
  /** @throws CommandError */
  readonly open: (profileFile: string, manner: Manner) => Promise<Desk>;
}

/** Runs one command. @returns the exit code */
export async function commandLine(
  argv: readonly string[],
  { print, complain, open }: Surroundings,
): Promise<number> {
  const given = read(argv);
  if (!given) {
    complain(USAGE);
    return 2;
  }
  try {
    refuseUnsafeEnvironment(process.env);
    let changes = 0;
    const desk = await open(given.profile, { whatIf: given.whatIf, print });
    await given.run({
      ...desk,
      make: (what, change) => {
        changes += 1;
        return desk.make(what, change);
      },
    });
    if (changes === 0) print("Everything was right: nothing to do.");
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    complain(`${error.message}\n`);
    return 1;
  }
}
