import { setTimeout as sleep } from "node:timers/promises";
import { trustAlso } from "../../workstation/certificateAuthority.ts";
import { credentialOf } from "../../workstation/credential.ts";
import type { Desk } from "./desk.ts";
import { openGraph } from "./graph.ts";
import { readProfile } from "./profile.ts";

/** How a command is run. */
export interface Manner {
  /** Changes are told and not made. */
  readonly whatIf: boolean;
  readonly print: (text: string) => void;
  /** Milliseconds. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** Opens what a profile names. Nothing is asked of anybody yet. @throws CommandError */
export async function openDesk(profileFile: string, manner: Manner): Promise<Desk> {
  const profile = await readProfile(profileFile);
  if (profile.caFile !== undefined) trustAlso(profile.caFile);
  const credential = await credentialOf(profile);
  const { whatIf, print } = manner;
  return {
    profile,
    graph: openGraph(profile.graph, credential, manner.sleep ?? sleep),
    print,
    make: async (what, change) => {
      print(`${whatIf ? "would be done" : "now"}: ${what}`);
      return whatIf ? undefined : change();
    },
  };
}
