import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "./startStack.ts";

/** Milliseconds until the whole system must be ready. */
const READY_MS = 60_000;
const PAUSE_MS = 100;
const TAIL_CHARACTERS = 1_000;

type Watched = Pick<Stack, "api" | "tokens" | "folder" | "processes">;

/**
 * Resolves when an agent listens.
 * @throws Error with the end of the log, which goes with the stack: of a process that ended,
 * at once, or of both after a minute
 */
export async function untilAvailable({ api, tokens, folder, processes }: Watched): Promise<void> {
  const headers = { Authorization: `Bearer ${await tokens.portal()}` };
  const until = Date.now() + READY_MS;
  const said = (name: string): string => `\n\n${name}:\n${endOf(join(folder, `${name}.log`))}`;
  while (Date.now() < until) {
    const answer = await fetch(`${api}/v1.0/selfService/availability`, { headers }).catch(() => {});
    const body = answer?.ok ? ((await answer.json()) as { available: boolean }) : undefined;
    if (body?.available) return;
    for (const [name, child] of Object.entries(processes))
      if (!child.running) throw new Error(`a process ended while it was started.${said(name)}`);
    await delay(PAUSE_MS);
  }
  const all = Object.keys(processes).map(said).join("");
  throw new Error(`functions and agent were not ready after a minute.${all}`);
}

const endOf = (file: string): string => readFileSync(file, "utf8").slice(-TAIL_CHARACTERS);
