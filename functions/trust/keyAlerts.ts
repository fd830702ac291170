import {
  AGENT_KEY_SECONDS,
  AGENT_KEY_WARNING_SECONDS,
} from "@password-writeback/protocol/limits.ts";
import type { TrustedAgent, TrustList } from "@password-writeback/protocol/trustList.ts";
import type { Log } from "../log.ts";

const DAY_MS = 86_400_000;

/** Whether an agent's key is so old that a new one must be made now; expired ones are, too. */
export const isKeyOld = ({ expires }: Pick<TrustedAgent, "expires">, nowSeconds: number): boolean =>
  expires - nowSeconds <= AGENT_KEY_SECONDS - AGENT_KEY_WARNING_SECONDS;

/**
 * Raises an alert for each agent whose key expires within 30 days, once a day for each instance of
 * the service: functions seal nothing for a key that has expired.
 */
export class KeyAlerts {
  private readonly now: () => number;
  private readonly raised = new Map<string, number>();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.now = now;
  }

  look({ agents }: TrustList, log: Log): void {
    const now = this.now();
    for (const agent of agents) {
      const before = this.raised.get(agent.kid);
      if (!isKeyOld(agent, now / 1_000)) continue;
      if (before !== undefined && now - before < DAY_MS) continue;
      this.raised.set(agent.kid, now);
      const { connector, id, expires } = agent;
      log.error(expires * 1_000 <= now ? "agentKeyExpired" : "agentKeyExpires", {
        connector,
        agent: id,
      });
    }
  }
}
