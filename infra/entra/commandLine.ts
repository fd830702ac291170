import { usageOf } from "../../commandLine/usage.ts";
import { runCommandLine } from "../../workstation/runCommandLine.ts";
import type { Streams } from "../../workstation/runMain.ts";
import type { Desk } from "./desk.ts";
import type { Manner } from "./openDesk.ts";
import { TOOL } from "./tool.ts";

export const USAGE = usageOf(TOOL);

export interface Surroundings extends Streams {
  /** @throws CommandError */
  readonly open: (profileFile: string, manner: Manner) => Promise<Desk>;
}

/** Runs one command. @returns the exit code */
export const commandLine = (
  argv: readonly string[],
  { open, ...streams }: Surroundings,
): Promise<number> =>
  runCommandLine(TOOL, argv, streams, async (run, { profile, "what-if": whatIf }) => {
    const { print } = streams;
    let changes = 0;
    const desk = await open(profile, { whatIf, print });
    await run({
      ...desk,
      make: (what, change) => {
        changes += 1;
        return desk.make(what, change);
      },
    });
    if (changes === 0) print("Everything was right: nothing to do.");
    return 0;
  });
