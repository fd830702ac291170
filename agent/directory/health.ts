import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import type { Heartbeat } from "@password-writeback/protocol/heartbeat.ts";
import { DirectoryError } from "./directoryError.ts";
import { policyHints } from "./policyHints.ts";
import type { DirectoryPool } from "./pool.ts";

type Told = Heartbeat["directory"];

/** How one domain is, as the agent's log tells it. */
export interface DomainHealth extends Told {
  /** Why it is down. */
  readonly code?: ErrorCode;
}

/** Whether a write could be made in a domain now. */
export async function domainHealth(pool: DirectoryPool): Promise<DomainHealth> {
  try {
    const rootDse = await pool.check();
    const { server } = rootDse;
    return { state: "up", server, policyHints: policyHints(rootDse) !== undefined };
  } catch (error) {
    const code = error instanceof DirectoryError ? error.code : "directoryUnreachable";
    return { state: "down", code };
  }
}

/**
 * All domains as a heartbeat tells them. A target is looked for in all of them, so that the agent
 * can do nothing while one is down.
 */
export function worstOf(domains: readonly DomainHealth[]): Told {
  if (domains.some(({ state }) => state === "down")) return { state: "down" };
  const server = domains[0]?.server;
  return {
    state: "up",
    ...(server !== undefined && { server }),
    policyHints: domains.every((domain) => domain.policyHints === true),
  };
}
