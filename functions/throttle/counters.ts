import { z } from "zod";
import type { Consequence } from "./consequence.ts";
import type { Limits } from "./limits.ts";
import { guessesLimit, guessesQuiet, type Lockout, lockout } from "./lockout.ts";

/** One attempt: its operation, and when it was counted (milliseconds since 1970). */
const mark = z.object({ id: z.string(), at: z.number() });
type Mark = z.infer<typeof mark>;

/** What is kept of a person's attempts on their own account, oldest first. */
export const counters = z.object({
  /** Resets and unlocks that failed, or of which it is not known yet how they ended. */
  resets: z.array(mark),
  /** New passwords that the directory's policy refused. */
  refusals: z.array(mark),
  /** Changes whose current password was wrong, or may have been. */
  guesses: z.array(mark),
  /** When the directory would lock the account, as the agent told last. */
  lockout,
});
export type Counters = z.infer<typeof counters>;

/** What an attempt counts as. */
export type Kind = "reset" | "change";

export const NONE: Counters = { resets: [], refusals: [], guesses: [], lockout: {} };

export const isEmpty = ({ resets, refusals, guesses }: Counters): boolean =>
  resets.length + refusals.length + guesses.length === 0;

/** Whether an attempt is among those that count against resets or changes. */
export const isCounted = ({ resets, guesses }: Counters, id: string): boolean =>
  [...resets, ...guesses].some((each) => each.id === id);

/**
 * Until when no attempt of a kind may be made: milliseconds since 1970.
 * @returns undefined where one may be made now
 */
export function barredUntil(
  now: Counters,
  kind: Kind,
  limits: Limits,
  at: number,
): number | undefined {
  const own = kind === "reset" ? resetsBarred(now, limits, at) : guessesBarred(now, limits, at);
  const until = Math.max(own, full(now.refusals, limits.policyRefusals, limits.window, at));
  return until > at ? until : undefined;
}

/** With one more attempt, and without what counts no longer. */
export function withAttempt(now: Counters, kind: Kind, added: Mark, limits: Limits): Counters {
  const { at } = added;
  const recent = recentIn(limits.window, at);
  const resets = now.resets.filter(recent);
  const guesses = isQuiet(now, limits, at) ? [] : now.guesses;
  return {
    ...now,
    resets:
      kind === "reset" ? [...resets, added] : stillBlocked(now, limits, at) ? now.resets : resets,
    refusals: now.refusals.filter(recent),
    guesses: kind === "change" ? [...guesses, added] : guesses,
  };
}

/**
 * After an attempt has ended. The same object where nothing has changed.
 * @param ended its operation, and when that began: milliseconds since 1970
 */
export function afterwards(
  now: Counters,
  kind: Kind,
  { id, createdAt }: { readonly id: string; readonly createdAt: number },
  consequence: Consequence,
  told: Lockout,
): Counters {
  const heard: Counters = changes(now.lockout, told)
    ? { ...now, lockout: { ...now.lockout, ...told } }
    : now;
  const others = (marks: readonly Mark[]) => marks.filter((each) => each.id !== id);
  // A changed password is no reason for a directory to forget wrong ones. A reset and an unlock
  // are (`lockoutTime`), but only those from before: it may be heard of late.
  const stillWrong = () =>
    kind === "reset" ? now.guesses.filter(({ at }) => at > createdAt) : others(now.guesses);
  switch (consequence) {
    case "counts":
      return heard;
    case "clears":
      return { ...NONE, guesses: stillWrong(), lockout: heard.lockout };
    default: {
      const own = [...now.resets, ...now.guesses].find((each) => each.id === id);
      if (!own) return now;
      const refusals = consequence === "refused" ? [...now.refusals, own] : now.refusals;
      return { ...heard, resets: others(now.resets), guesses: others(now.guesses), refusals };
    }
  }
}

/** From when on it makes no difference any more: milliseconds since 1970. */
export const forgottenAt = (now: Counters, limits: Limits): number =>
  Math.max(
    last(now.resets) + Math.max(limits.block, limits.window),
    last(now.refusals) + limits.window,
    last(now.guesses) + guessesQuiet(now.lockout, limits),
  );

function resetsBarred(now: Counters, limits: Limits, at: number): number {
  if (stillBlocked(now, limits, at)) return last(now.resets) + limits.block;
  return full(now.resets, limits.resets, limits.window, at);
}

/** As many as may fail have failed within one window: older ones went with the next attempt. */
const stillBlocked = ({ resets }: Counters, limits: Limits, at: number): boolean =>
  resets.length >= limits.resets && at < last(resets) + limits.block;

/** A directory forgets wrong passwords all at once, a while after the last one. */
const guessesBarred = (now: Counters, limits: Limits, at: number): number =>
  isQuiet(now, limits, at) || now.guesses.length < guessesLimit(now.lockout, limits)
    ? 0
    : last(now.guesses) + guessesQuiet(now.lockout, limits);

const isQuiet = ({ guesses, lockout }: Counters, limits: Limits, at: number): boolean =>
  at >= last(guesses) + guessesQuiet(lockout, limits);

/** When the window has room again, where it is full. */
function full(marks: readonly Mark[], most: number, window: number, at: number): number {
  const oldest = marks.filter(recentIn(window, at)).at(-most);
  return oldest === undefined ? 0 : oldest.at + window;
}

const recentIn = (window: number, at: number) => (each: Mark) => each.at > at - window;
const last = (marks: readonly Mark[]): number => marks.at(-1)?.at ?? 0;
const changes = (known: Lockout, { threshold, window }: Lockout): boolean =>
  (threshold !== undefined && threshold !== known.threshold) ||
  (window !== undefined && window !== known.window);
