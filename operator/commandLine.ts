import { parseArgs } from "node:util";
import { CommandError } from "../workstation/commandError.ts";
import { refuseUnsafeEnvironment } from "../workstation/environment.ts";
import type { Streams } from "../workstation/runMain.ts";
import { addAgent } from "./commands/addAgent.ts";
import { init } from "./commands/init.ts";
import { invite } from "./commands/invite.ts";
import { publish } from "./commands/publish.ts";
import { revokeAgent } from "./commands/revokeAgent.ts";
import { replaceSigningKey, rollSigningKey } from "./commands/rollSigningKey.ts";
import { show } from "./commands/show.ts";
import type { Desk } from "./desk.ts";
import { NotApprovedError } from "./notApprovedError.ts";

export const USAGE = `Usage: npm run operator -- COMMAND --profile FILE [options]

  init                             root key, signing key, first trust list
  invite                           write the file that an agent's host enrols with
      --connector NAME --output FILE
  add-agent REQUEST                enrol an agent, or take a new key of an enrolled one
      --service-principal ID       object id of its service principal in Entra
      --fingerprint TEXT           as the agent's host has shown it; --yes needs it
  revoke-agent ID                  take an agent off the list
  roll-signing-key                 go over to a new signing key, step by step
      --compromised                at once, because somebody else can use the old one
  show                             the list in force
  publish FILE                     put the newest list back where it was altered or removed

  --profile FILE    where the service is and as whom to sign in, as JSON
  --yes             sign and publish; without it a command only says what it would do
  --serial NUMBER   sign this list and no other one

Exit codes: 0 done, 1 refused or failed, 2 wrong command line, 3 not approved: nothing was signed.
`;

const OPTIONS = {
  profile: { type: "string" },
  yes: { type: "boolean", default: false },
  serial: { type: "string" },
  connector: { type: "string" },
  output: { type: "string" },
  "service-principal": { type: "string" },
  fingerprint: { type: "string" },
  compromised: { type: "boolean", default: false },
} as const;

const parse = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
type Given = ReturnType<typeof parse>;
type Run = (desk: Desk) => Promise<void>;

/** The command and whether everything that it needs is given, and nothing else. */
function commandOf({ positionals, values }: Given): Run | undefined {
  const [command, argument, ...more] = positionals;
  if (more.length > 0) return undefined;
  const isAlone = argument === undefined;
  const { connector, output, compromised, fingerprint } = values;
  const servicePrincipal = values["service-principal"];
  switch (command) {
    case "init":
      return isAlone ? init : undefined;
    case "show":
      return isAlone ? show : undefined;
    case "invite":
      if (!isAlone || connector === undefined || output === undefined) return undefined;
      return (desk) => invite(desk, connector, output);
    case "add-agent":
      if (isAlone || servicePrincipal === undefined) return undefined;
      return (desk) => addAgent(desk, { request: argument, servicePrincipal, fingerprint });
    case "revoke-agent":
      return isAlone ? undefined : (desk) => revokeAgent(desk, argument);
    case "publish":
      return isAlone ? undefined : (desk) => publish(desk, argument);
    case "roll-signing-key":
      // A planned roll signs three lists: no one serial stands for them.
      if (!isAlone || (values.serial !== undefined && !compromised)) return undefined;
      return compromised ? replaceSigningKey : rollSigningKey;
    default:
      return undefined;
  }
}

function read(argv: readonly string[]) {
  try {
    const given = parse(argv);
    const { profile, yes, serial } = given.values;
    const run = commandOf(given);
    const wanted = serial === undefined ? undefined : Number(serial);
    const isWrong = wanted !== undefined && !(Number.isSafeInteger(wanted) && wanted > 0);
    if (!run || profile === undefined || isWrong) return undefined;
    return { run, profile, approved: yes, serial: wanted };
  } catch {
    return undefined;
  }
}

export interface Surroundings extends Streams {
  /** Signs in and opens vault and API. @throws CommandError */
  readonly open: (
    profileFile: string,
    given: Pick<Desk, "approved" | "serial" | "print">,
  ) => Promise<Desk>;
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
  const { run, profile, approved, serial } = given;
  try {
    refuseUnsafeEnvironment(process.env);
    await run(await open(profile, { approved, serial, print }));
    return 0;
  } catch (error) {
    if (error instanceof NotApprovedError) return 3;
    if (!(error instanceof CommandError)) throw error;
    complain(`${error.message}\n`);
    return 1;
  }
}
