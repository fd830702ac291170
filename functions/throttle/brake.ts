import { randomUUID } from "node:crypto";
import type { Braked } from "../audit/recordOfBrake.ts";
import { ApiError } from "../http/apiError.ts";
import type { Log } from "../log.ts";
import type { BrakeRows } from "../records/brakeRows.ts";
import { RecentCount } from "./recentCount.ts";

/** Milliseconds between two talks with the other instances. */
const TALK_MS = 5_000;
/** Milliseconds for which what an instance told counts. */
const TOLD_MS = 2 * TALK_MS + 2_000;
const MINUTE_MS = 60_000;
/** Of the limit: an instance that carries out less says nothing. */
const SHARE = 0.1;

export interface BrakeSettings {
  /** Resets in a minute, at all instances together, that are nothing unusual. */
  readonly perMinute: number;
  /** Whether nothing is written for a minute once there are more. */
  readonly stops: boolean;
}

/**
 * Notices that too many passwords are being reset, whoever asks for it: a thief of the portal's
 * key can do no more than this without being seen. Instances that carry out a tenth of what is
 * usual or more tell each other every few seconds, so it costs a request nothing, and the sum may
 * be off by what the quieter ones do.
 */
export class Brake {
  private readonly instance = randomUUID();
  private readonly rows: BrakeRows;
  private readonly settings: BrakeSettings;
  private readonly now: () => number;
  private readonly log: Log;
  private readonly own: RecentCount;
  private readonly record: (braked: Braked) => Promise<void>;
  private alertedAt = Number.NEGATIVE_INFINITY;
  private ownStop = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param record writes the audit record; never throws */
  constructor(
    rows: BrakeRows,
    settings: BrakeSettings,
    now: () => number,
    log: Log,
    record: (braked: Braked) => Promise<void> = async () => {},
  ) {
    this.record = record;
    this.rows = rows;
    this.settings = settings;
    this.now = now;
    this.log = log;
    this.own = new RecentCount(MINUTE_MS, now);
  }

  start(): void {
    this.timer ??= setInterval(() => void this.talk(), TALK_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** A reset is about to be sent. */
  count(): void {
    this.own.add();
    if (this.own.total > this.settings.perMinute) void this.alert(this.own.total);
  }

  /** Tells the other instances and hears what they told. What fails is said, and tried again. */
  async talk(): Promise<void> {
    const resets = this.own.total;
    if (resets === 0 || resets < this.settings.perMinute * SHARE) return;
    try {
      const at = this.now();
      const [others] = await Promise.all([
        this.rows.others(this.instance, at),
        this.rows.tell(this.instance, resets, at + TOLD_MS),
      ]);
      if (resets + others > this.settings.perMinute) await this.alert(resets + others);
    } catch (error) {
      this.failed(error);
    }
  }

  /**
   * Until when nothing is to be written, as the tables say: milliseconds since 1970, or past.
   * @throws ApiError `recordsUnavailable`
   */
  stoppedUntil(): Promise<number> {
    return this.rows.stoppedUntil();
  }

  /** @param told what {@link stoppedUntil} said @throws ApiError `writesStopped` */
  check(told: number): void {
    const left = Math.max(this.ownStop, told) - this.now();
    if (left <= 0) return;
    throw new ApiError("writesStopped", {
      headers: { "Retry-After": String(Math.ceil(left / 1_000)) },
    });
  }

  /** Once a minute at most. */
  private async alert(resets: number): Promise<void> {
    const at = this.now();
    if (at - this.alertedAt < MINUTE_MS) return;
    this.alertedAt = at;
    const { perMinute, stops } = this.settings;
    this.log.error("brakeReached", {
      resets,
      limit: perMinute,
      status: stops ? "stopped" : "open",
    });
    void this.record({ resets, perMinute, stops });
    if (!stops) return;
    this.ownStop = at + MINUTE_MS;
    // Begins anew afterwards: what was counted before must not stop the next minute as well.
    this.own.clear();
    try {
      await this.rows.stop(this.ownStop);
      // From now on the row alone says it, so that deleting the row lets everybody go on.
      this.ownStop = 0;
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    const { cause } = error as Error;
    this.log.error("brakeNotTold", { cause: cause instanceof Error ? cause.name : undefined });
  }
}
