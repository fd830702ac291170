import type { Client } from "ldapts";
import { replaceValue } from "./changes.ts";

/** The domain's rules for passwords and lockouts; what is left out stays as it is. */
export interface DomainPolicy {
  readonly minimumLength?: number;
  readonly complexity?: boolean;
  /** How many passwords are remembered. */
  readonly historyLength?: number;
  readonly minimumAgeSeconds?: number;
  /** Bad passwords until an account is locked; 0 for never. */
  readonly lockoutThreshold?: number;
  readonly lockoutSeconds?: number;
}

const COMPLEX = "1";
const SIMPLE = "0";

/** Durations are negative numbers of 100 ns (MS-ADTS §3.1.1.5.3). */
export const duration = (seconds: number): string =>
  seconds === 0 ? "0" : `-${BigInt(seconds) * 10_000_000n}`;

function values(policy: DomainPolicy): Map<string, string> {
  const result = new Map<string, string>();
  const set = (name: string, value: number | undefined, text: (value: number) => string): void => {
    if (value !== undefined) result.set(name, text(value));
  };
  set("minPwdLength", policy.minimumLength, String);
  set("pwdHistoryLength", policy.historyLength, String);
  set("minPwdAge", policy.minimumAgeSeconds, duration);
  set("lockoutThreshold", policy.lockoutThreshold, String);
  set("lockoutDuration", policy.lockoutSeconds, duration);
  set("lockOutObservationWindow", policy.lockoutSeconds, duration);
  if (policy.complexity !== undefined) {
    result.set("pwdProperties", policy.complexity ? COMPLEX : SIMPLE);
  }
  return result;
}

/** Sets rules on a connection of the administrator; they apply at once. */
export async function setDomainPolicyWith(
  client: Client,
  baseDn: string,
  policy: DomainPolicy,
): Promise<void> {
  const changes = [...values(policy)].map(([name, value]) => replaceValue(name, value));
  if (changes.length > 0) await client.modify(baseDn, changes);
}
