import { FOREVER, NEVER } from "../fileTime.ts";
import type { Entry } from "../store/entry.ts";
import type { PasswordPolicy } from "./passwordPolicy.ts";
import { COMPUTED_BITS, UAC, UNEXPIRING_BITS } from "./userAccountControl.ts";

export const controlOf = (user: Entry): number => Number(user.integer("useraccountcontrol"));

/** @param now FILETIME */
export function isLocked(user: Entry, policy: PasswordPolicy, now: bigint): boolean {
  const since = user.integer("lockouttime");
  if (since === 0n) return false;
  return policy.lockoutDuration === undefined || now < since + policy.lockoutDuration;
}

/** When the password gets too old: 0 for must change, {@link NEVER} for never. FILETIME. */
export function passwordExpiry(user: Entry, policy: PasswordPolicy): bigint {
  if (controlOf(user) & UNEXPIRING_BITS) return NEVER;
  const set = user.integer("pwdlastset");
  if (set === 0n) return 0n;
  return policy.maxAge === undefined ? NEVER : set + policy.maxAge;
}

/** @param now FILETIME */
export function isAccountExpired(user: Entry, now: bigint): boolean {
  const expires = user.integer("accountexpires", NEVER);
  return expires !== 0n && expires !== NEVER && expires !== FOREVER && expires <= now;
}

/** `msDS-User-Account-Control-Computed` (MS-ADTS 3.1.1.4.5.17): locked, password expired. */
export function computedControl(user: Entry, policy: PasswordPolicy, now: bigint): number {
  const locked = isLocked(user, policy, now) ? UAC.locked : 0;
  const expired = passwordExpiry(user, policy) <= now ? UAC.passwordExpired : 0;
  return (locked | expired) & COMPUTED_BITS;
}
