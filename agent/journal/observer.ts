import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { Intent } from "./entry.ts";
import { observe, type Seen } from "./observe.ts";

/** Milliseconds after the modify's own limit within which a slow directory may still commit. */
const SETTLE_MS = 5_000;
/** Milliseconds that it takes at most to answer a caller with "unknown". */
const ANSWER_MS = 1_000;
/** Milliseconds after which it is given up: as long as results are kept. */
const GIVE_UP_MS = 24 * 3_600_000;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 30_000;

export interface ObserverOptions {
  /** Reads the account again; undefined where the domain controller cannot be asked. */
  readonly read: (intent: Intent) => Promise<Seen | undefined>;
  /** Milliseconds that a modify may take. */
  readonly modifyMs: number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

const UNKNOWN: Verdict = { status: "unknown", code: "outcomeUnknown" };

/** Finds out how writes ended whose answers were lost, by looking at their accounts. */
export class Observer {
  private readonly options: ObserverOptions;
  private stopped = false;

  constructor(options: ObserverOptions) {
    this.options = options;
  }

  /** Milliseconds after an intent in which its write takes effect, if ever; then it is answered. */
  get settleMs(): number {
    return this.options.modifyMs + SETTLE_MS;
  }

  /** Milliseconds after an intent for which its account is watched: as long again once answered. */
  private get watchMs(): number {
    return 2 * this.settleMs + ANSWER_MS;
  }

  /** No more looks; what is open stays so, for the next start. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Looks until the write is seen, or until a look after its last moment shows nothing: `unknown`
   * then, and never "failed". Goes on after the caller was answered, for as long again.
   * @throws Error once it was told to stop
   */
  async conclude(intent: Intent): Promise<Verdict> {
    const { read, wall, sleep } = this.options;
    const unknown: Verdict = { ...UNKNOWN, directory: { server: intent.server } };
    let pause = FIRST_PAUSE_MS;
    while (!this.stopped) {
      const asked = wall();
      const seen = await read(intent).catch(() => undefined);
      if (seen) {
        const observation = observe(intent, seen, asked, this.watchMs);
        if (observation.kind === "applied") return observation.verdict;
        if (observation.kind === "overtaken" || asked > intent.at + this.watchMs) return unknown;
      }
      if (asked > intent.at + GIVE_UP_MS) return unknown;
      const left = intent.at + this.watchMs - asked;
      await sleep(left > 0 ? Math.min(pause, left + 1) : pause);
      pause = Math.min(pause * 2, left > 0 ? 2_000 : LAST_PAUSE_MS);
    }
    throw new Error("stopped");
  }
}
