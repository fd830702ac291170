import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import type { PasswordPolicy } from "./passwordPolicy.ts";

const integer = (value: bigint): Buffer[] => [Buffer.from(value.toString())];

/** Counts a wrong password and locks the account at the threshold (MS-SAMR 3.1.5.14.6). */
export function countWrongPassword(store: Store, user: Entry, policy: PasswordPolicy): void {
  const now = store.ticks.next();
  const windowEnd = user.integer("badpasswordtime") + policy.observationWindow;
  const count = (now < windowEnd ? user.integer("badpwdcount") : 0n) + 1n;
  const values = new Map([
    ["badpwdcount", integer(count)],
    ["badpasswordtime", integer(now)],
  ]);
  if (policy.lockoutThreshold > 0 && count >= BigInt(policy.lockoutThreshold)) {
    values.set("lockouttime", integer(now));
  }
  store.write(user, values);
}

/** Notes a wrong password that was one of the last two: it is not counted (MS-SAMR, as above). */
export function noteFormerPassword(store: Store, user: Entry): void {
  store.write(user, new Map([["badpasswordtime", integer(store.ticks.next())]]));
}

/** What a successful sign-in leaves: no wrong passwords, no lockout that has run out. */
export function noteSignIn(store: Store, user: Entry): void {
  const values = new Map([["lastlogon", integer(store.ticks.next())]]);
  if (user.integer("badpwdcount") !== 0n) values.set("badpwdcount", integer(0n));
  if (user.integer("lockouttime") !== 0n) values.set("lockouttime", integer(0n));
  store.write(user, values);
}
