import type { TrustList } from "@password-writeback/protocol/trustList.ts";
import { CommandError } from "../workstation/commandError.ts";
import type { AgentState } from "./api.ts";
import type { Desk } from "./desk.ts";

/** Milliseconds that a roll waits for agents: one that never answers does not hold it up. */
const ACKNOWLEDGE_MS = 10 * 60_000;
const POLL_MS = 5_000;

/** Live agents of a list that have not got it yet. */
export function laggards(list: TrustList, agents: readonly AgentState[]): string[] {
  const listed = new Set(list.agents.map(({ id }) => id));
  return agents
    .filter(({ id, live, serial = 0 }) => listed.has(id) && live && serial < list.serial)
    .map(({ id, serial }) => `${id} (${serial === undefined ? "no list" : `list ${serial}`})`);
}

/**
 * Waits until every live agent has a list, up to ten minutes after it was signed, whoever may have
 * begun to wait. Goes on without those that have not, after naming them.
 */
export async function untilAcknowledged(desk: Desk, list: TrustList): Promise<void> {
  const until = Math.min(list.iat * 1_000, desk.now()) + ACKNOWLEDGE_MS;
  for (let told = ""; ; await desk.sleep(POLL_MS)) {
    const waitingFor = await missing(desk, list);
    if (waitingFor === "") return desk.print(`Every live agent has list ${list.serial}.`);
    if (desk.now() >= until)
      return desk.print(
        `Going on without ${waitingFor}: after ten minutes without list ${list.serial}. ` +
          "Such an agent refuses requests until it has fetched the list; nothing is written.",
      );
    if (told !== waitingFor) desk.print(`Waiting for ${waitingFor}.`);
    told = waitingFor;
  }
}

/** Empty where nobody is missing. */
async function missing(desk: Desk, list: TrustList): Promise<string> {
  try {
    return laggards(list, await desk.agents()).join(", ");
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return "the API to say which agents have it";
  }
}
