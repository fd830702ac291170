import { usageOf } from "../commandLine/usage.ts";
import { runCommandLine } from "../workstation/runCommandLine.ts";
import type { Streams } from "../workstation/runMain.ts";
import type { Desk } from "./desk.ts";
import { NotApprovedError } from "./notApprovedError.ts";
import { TOOL } from "./tool.ts";

export const USAGE = usageOf(TOOL);

export interface Surroundings extends Streams {
  /** Signs in and opens vault and API. @throws CommandError */
  readonly open: (
    profileFile: string,
    given: Pick<Desk, "approved" | "serial" | "print">,
  ) => Promise<Desk>;
}

/** Runs one command. @returns the exit code */
export const commandLine = (
  argv: readonly string[],
  { open, ...streams }: Surroundings,
): Promise<number> =>
  runCommandLine(TOOL, argv, streams, async (run, { profile, yes, serial }) => {
    const wanted = serial === "" ? undefined : Number(serial);
    const { print } = streams;
    try {
      await run(await open(profile, { approved: yes, serial: wanted, print }));
      return 0;
    } catch (error) {
      if (error instanceof NotApprovedError) return 3;
      throw error;
    }
  });
