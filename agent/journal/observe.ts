import type {
  DirectoryEvidence,
  OutcomeDetail,
  Verdict,
} from "@password-writeback/protocol/outcome.ts";
import type { Account } from "../directory/account.ts";
import { TICKS_PER_MS, unixMs } from "../directory/fileTime.ts";
import { keyVersionEvidence } from "../directory/keyVersions.ts";
import type { Intent } from "./entry.ts";

/** What a look at the account says of a write whose answer was lost. */
export type Observation =
  /** The write took effect. */
  | { readonly kind: "applied"; readonly verdict: Verdict }
  /** Nothing to see: it was not carried out, or not yet. Proves nothing. */
  | { readonly kind: "nothing" }
  /**
   * Somebody else has written as well, or when it was set does not fit: nobody can say any more.
   */
  | { readonly kind: "overtaken" };

/** The part of an account that tells. */
export type Seen = Pick<Account, "keyVersion" | "pwdLastSet" | "locked">;

/**
 * Milliseconds that the clocks of a domain controller and the agent may differ (as in Kerberos).
 */
const CLOCKS_MS = 300_000;
/**
 * Milliseconds by which a domain controller's time is known worse than it stamps: whole seconds.
 */
const OWN_CLOCK_MS = 2_000n;

/**
 * Judges what the domain controller that was written to shows now. A password was set by this
 * write only where the key version is exactly one further, `pwdLastSet` has moved, and the time
 * fits; an unlock or a required change has its effect where the attribute says so.
 * @param now milliseconds since 1970, of the clock that wrote `intent.at`
 * @param writeMs milliseconds within which the write could take effect
 */
export function observe(intent: Intent, seen: Seen, now: number, writeMs: number): Observation {
  switch (intent.operation) {
    case "unlock":
      return seen.locked === false ? applied(intent, {}) : { kind: "nothing" };
    case "requireChange":
      return seen.pwdLastSet === 0n ? applied(intent, {}) : { kind: "nothing" };
    default:
      return passwordSet(intent, seen, now, writeMs);
  }
}

function passwordSet(intent: Intent, seen: Seen, now: number, writeMs: number): Observation {
  const { keyVersion, pwdLastSet } = seen;
  if (intent.keyVersion === undefined || keyVersion === undefined || pwdLastSet === undefined)
    return { kind: "nothing" };
  const steps = keyVersion - BigInt(intent.keyVersion);
  if (steps === 0n) return { kind: "nothing" };
  if (steps !== 1n || !hasMoved(intent, pwdLastSet)) return { kind: "overtaken" };
  if (!fits(intent, pwdLastSet, now, writeMs)) return { kind: "overtaken" };
  const versions = keyVersionEvidence(BigInt(intent.keyVersion), keyVersion);
  if (intent.mustChange) return applied(intent, { mustChangeApplied: pwdLastSet === 0n }, versions);
  return pwdLastSet === 0n && intent.operation === "reset"
    ? applied(
        intent,
        { mustChangeUnasked: true },
        { ...versions, missingRight: "Unexpire-Password" },
      )
    : applied(intent, {}, versions);
}

/** By the domain controller's own clock where that is known: it leaves others less room. */
function fits({ at, sent }: Intent, pwdLastSet: bigint, now: number, writeMs: number): boolean {
  if (sent && pwdLastSet !== 0n) {
    const first = BigInt(sent.first) - OWN_CLOCK_MS * TICKS_PER_MS;
    const last = BigInt(sent.last) + (BigInt(writeMs) + OWN_CLOCK_MS) * TICKS_PER_MS;
    return pwdLastSet >= first && pwdLastSet <= last;
  }
  const setAt = pwdLastSet === 0n ? now : Number(unixMs(pwdLastSet));
  return setAt >= at - CLOCKS_MS && setAt <= at + writeMs + CLOCKS_MS;
}

/** From "must change" to "must change" it stays 0: only the key version tells. */
const hasMoved = (intent: Intent, pwdLastSet: bigint): boolean =>
  String(pwdLastSet) !== intent.pwdLastSet || (intent.mustChange && pwdLastSet === 0n);

function applied(
  { server, locked, operation, told, resent }: Intent,
  more: OutcomeDetail,
  evidence: Omit<DirectoryEvidence, "server"> = {},
): Observation {
  const unlocks = operation === "reset" || operation === "unlock";
  const detail = {
    ...told,
    ...(unlocks && locked !== undefined && { wasLocked: locked }),
    ...more,
  };
  const hasDetail = Object.keys(detail).length > 0;
  const verdict: Verdict = {
    status: "succeeded",
    ...(hasDetail && { detail }),
    directory: { server, ...(resent && { resent }), ...evidence },
  };
  return { kind: "applied", verdict };
}
