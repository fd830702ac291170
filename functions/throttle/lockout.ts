import type { DirectoryEvidence } from "@password-writeback/protocol/outcome.ts";
import { z } from "zod";
import type { Limits } from "./limits.ts";

/** When a directory locks an account for wrong passwords. Absent is unknown. */
export const lockout = z.object({
  /** Wrong passwords until then; 0: never. */
  threshold: z.number().optional(),
  /** Milliseconds for which they count, from the last one on. */
  window: z.number().optional(),
});
export type Lockout = z.infer<typeof lockout>;

/** Below the lowest threshold that anybody sensible sets. */
const WHILE_UNKNOWN = 2;
/** Milliseconds between an attempt's being counted and its reaching the directory, at most. */
const UNDER_WAY_MS = 120_000;

/** What an outcome says of it. */
export const lockoutIn = ({
  lockoutThreshold,
  lockoutWindowSeconds,
}: Partial<DirectoryEvidence> = {}): Lockout => ({
  ...(lockoutThreshold !== undefined && { threshold: lockoutThreshold }),
  ...(lockoutWindowSeconds !== undefined && { window: lockoutWindowSeconds * 1_000 }),
});

/**
 * Wrong current passwords that may reach the directory: one fewer than would lock the account, but
 * never none, or nobody could change a password.
 */
export function guessesLimit({ threshold }: Lockout, { wrongPasswords }: Limits): number {
  if (threshold === 0) return wrongPasswords;
  const below = threshold === undefined ? WHILE_UNKNOWN : threshold - 1;
  return Math.max(1, Math.min(wrongPasswords, below));
}

/**
 * Milliseconds after the last one from which on a directory has forgotten them all; a long while
 * where it is not known how long it remembers them.
 */
export const guessesQuiet = ({ threshold, window }: Lockout, limits: Limits): number =>
  threshold === 0 ? limits.window : (window ?? limits.block) + UNDER_WAY_MS;
