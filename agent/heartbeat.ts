import { randomBytes } from "node:crypto";
import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import { type Heartbeat, verifyHeartbeatAnswer } from "@password-writeback/protocol/heartbeat.ts";
import { ProtocolError } from "@password-writeback/protocol/protocolError.ts";
import { z } from "zod";
import { ApiFailure, type Post } from "./api.ts";
import { type Clock, MAX_SKEW_SECONDS } from "./clock.ts";
import type { Log } from "./log.ts";
import type { GrowingNumber } from "./trust/growingNumber.ts";
import type { TrustState } from "./trust/trustState.ts";
import { AGENT_VERSION } from "./version.ts";

/** What the agent tells about itself, beside what every heartbeat carries. */
export type Condition = Pick<Heartbeat, "state" | "relay" | "directory">;

export interface HeartbeatParts {
  readonly post: Post;
  readonly trust: TrustState;
  readonly clock: Clock;
  /** The last counter sent, kept on disk. */
  readonly counter: GrowingNumber;
  readonly log: Log;
  /** Told the ids of requests of which the cloud has no outcome; never throws. */
  readonly unresolved?: (ids: readonly string[]) => void;
  /** Milliseconds since 1970. */
  readonly wall?: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly steady?: () => number;
}

/** Milliseconds between two extra beats, so that nobody can make an agent ask without end. */
const REFRESH_MS = 2_000;

/** Codes by which the cloud says that this agent is not, or no longer, to carry out anything. */
const REFUSALS: ReadonlySet<string> = new Set([
  "agentNotListed",
  "agentKeyExpired",
  "accessDenied",
] satisfies ErrorCode[]);

const answerBody = z.object({ answer: z.string() });

/**
 * Tells the cloud that this agent lives, and learns the time and the trust list from the answer.
 */
export class HeartbeatSender {
  /** Called after each beat, whatever came of it. */
  whenEnded: () => void = () => {};
  private readonly parts: HeartbeatParts;
  private told: Condition | undefined;
  private lastCounter = 0;
  private refreshed: { readonly at: number; readonly beat: Promise<boolean> } | undefined;

  constructor(parts: HeartbeatParts) {
    this.parts = parts;
  }

  /** Never throws: what went wrong is in the log, and the next beat tries again. */
  async beat(condition: Condition): Promise<boolean> {
    const { log } = this.parts;
    this.told = condition;
    try {
      await this.exchange(condition);
      log("heartbeatAnswered", { serial: this.parts.trust.serial, state: condition.state });
      return true;
    } catch (error) {
      if (error instanceof ApiFailure && error.code !== undefined && REFUSALS.has(error.code))
        this.parts.trust.refuse();
      if (error instanceof ProtocolError) log(error.code);
      else
        log("heartbeatFailed", {
          state: condition.state,
          reason: error instanceof Error ? error.name : "unknown",
          ...(error instanceof ApiFailure && error.status && { httpStatus: error.status }),
          ...(error instanceof ApiFailure && error.code && { code: error.code }),
        });
      return false;
    } finally {
      this.whenEnded();
    }
  }

  /**
   * One more beat now, with the condition last told, for what the answer brings. Whoever asks
   * within 2 s of another one shares that one.
   */
  async refresh(): Promise<boolean> {
    const { steady = () => performance.now() } = this.parts;
    if (!this.told) return false;
    if (!this.refreshed || steady() - this.refreshed.at >= REFRESH_MS)
      this.refreshed = { at: steady(), beat: this.beat(this.told) };
    return this.refreshed.beat;
  }

  private async exchange(condition: Condition): Promise<void> {
    const { post, trust, clock, log } = this.parts;
    const { agent } = trust.own;
    const nonce = randomBytes(16).toString("base64url");
    const body: Heartbeat = {
      version: 1,
      nonce,
      counter: await this.nextCounter(),
      agentVersion: AGENT_VERSION,
      serial: trust.serial,
      ...condition,
    };
    const asked = performance.now();
    const { answer: jws } = answerBody.parse(await post(`/v1.0/agents/${agent}/heartbeat`, body));
    const { answer, list } = await verifyHeartbeatAnswer(
      jws,
      { agent, nonce },
      trust.rootKey,
      trust.serial,
      clock.agreed(),
    );
    const skewSeconds = clock.correct(answer.iat, (performance.now() - asked) / 1_000);
    if (Math.abs(skewSeconds) > MAX_SKEW_SECONDS)
      log("clockSkewed", { skewSeconds: Math.round(skewSeconds) });
    if (await trust.accept(list)) log("trustListAccepted", { serial: list.serial });
    this.parts.unresolved?.(answer.unresolved);
  }

  /**
   * The time in milliseconds, or one more than the last: it grows whatever the clock does, and for
   * two beats at the same time as well.
   */
  private async nextCounter(): Promise<number> {
    const { counter, wall = Date.now } = this.parts;
    const next = Math.max(counter.value + 1, this.lastCounter + 1, wall());
    this.lastCounter = next;
    await counter.raise(next);
    return next;
  }
}
