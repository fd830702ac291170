import type { Account } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";
import {
  DOMAIN_POLICY_ATTRIBUTES,
  domainPolicy,
  type PasswordPolicy,
  SETTINGS_ATTRIBUTES,
  settingsPolicy,
  UNKNOWN_POLICY,
} from "./policy.ts";

/** Milliseconds for which a connection remembers the domain's rules. */
const REMEMBERED_MS = 30_000;

interface Remembered {
  readonly policy: PasswordPolicy;
  /** Milliseconds of a steady clock. */
  readonly until: number;
}

const domains = new WeakMap<DirectoryConnection, Remembered>();

/**
 * The rules in force for an account, read on the connection that will write: at most one search.
 * A password settings object counts alone: where its values may not be read, nothing is known, and
 * the domain's rules are not taken for them.
 * @param now milliseconds of a steady clock
 * @throws DirectoryError `directoryUnreachable`
 */
export async function readPolicy(
  connection: DirectoryConnection,
  { passwordSettings }: Account,
  now: () => number = () => performance.now(),
): Promise<PasswordPolicy> {
  if (passwordSettings !== undefined) {
    const entry = await connection.look(passwordSettings, SETTINGS_ATTRIBUTES);
    return entry ? settingsPolicy(entry) : UNKNOWN_POLICY;
  }
  const remembered = domains.get(connection);
  if (remembered && now() < remembered.until) return remembered.policy;
  const { domain } = connection.rootDse;
  const entry =
    domain === undefined ? undefined : await connection.look(domain, DOMAIN_POLICY_ATTRIBUTES);
  if (!entry) return UNKNOWN_POLICY;
  const policy = domainPolicy(entry);
  domains.set(connection, { policy, until: now() + REMEMBERED_MS });
  return policy;
}
