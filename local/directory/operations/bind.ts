import { controlOf, isAccountExpired, isLocked, passwordExpiry } from "../accounts/accountState.ts";
import { type Identity, identityOf } from "../accounts/identity.ts";
import { countWrongPassword, noteFormerPassword, noteSignIn } from "../accounts/lockout.ts";
import type { PasswordPolicy } from "../accounts/passwordPolicy.ts";
import { policyInForce } from "../accounts/policyInForce.ts";
import { UAC } from "../accounts/userAccountControl.ts";
import { credentialsRefused, frontEndFailure } from "../diagnostics.ts";
import type { Domain } from "../domain/domain.ts";
import { CODE } from "../failure.ts";
import { dnKey, InvalidName, parseDn } from "../names/distinguishedName.ts";
import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";
import type { BindRequest } from "../wire/request.ts";

const UNCOUNTED_FORMER = 2;

/**
 * Simple bind by distinguished name, user principal name or `DOMAIN\account`. No password means
 * anonymous, as in Windows.
 *
 * @returns undefined when anonymous
 * @throws LdapFailure 49 with Windows' reason in `data`
 */
export function bind(domain: Domain, request: BindRequest): Identity | undefined {
  if (request.version !== 3) {
    throw frontEndFailure(CODE.protocolError, "00000057", "Unsupported protocol version");
  }
  if (!request.password) {
    throw frontEndFailure(CODE.authMethodNotSupported, "00002027", "Invalid Authentication method");
  }
  if (request.password.length === 0) return undefined;
  const user = findAccount(domain, request.dn);
  if (!user?.secret) throw credentialsRefused("525");
  signIn(domain, user, request.password);
  return identityOf(domain.store, user);
}

function findAccount(domain: Domain, name: string): Entry | undefined {
  const { store } = domain;
  const only = (holders: ReadonlySet<Entry> | undefined): Entry | undefined =>
    holders?.size === 1 ? holders.values().next().value : undefined;
  const byAccountName = (account: string): Entry | undefined =>
    only(store.index.find("samaccountname", Buffer.from(account)));
  const [prefix = "", account] = name.split("\\", 2);
  if (account !== undefined && !name.includes("=")) {
    return prefix.toUpperCase() === domain.netbiosName ? byAccountName(account) : undefined;
  }
  if (name.includes("@") && !name.includes("=")) {
    const stored = only(store.index.find("userprincipalname", Buffer.from(name)));
    const [local = "", realm = ""] = name.split("@", 2);
    const isImplicit = realm.toLowerCase() === domain.dnsName.toLowerCase();
    return stored ?? (isImplicit ? byAccountName(local) : undefined);
  }
  try {
    return store.findByKey(dnKey(parseDn(name)));
  } catch (error) {
    if (error instanceof InvalidName) return undefined;
    throw error;
  }
}

/** Locked is told to anyone; every other state only to those who know the password. */
function signIn(domain: Domain, user: Entry, password: Buffer): void {
  const { store } = domain;
  const policy = policyInForce(domain, user);
  const now = store.ticks.next();
  if (isLocked(user, policy, now)) throw credentialsRefused("775");
  verify(store, user, policy, password);
  if (controlOf(user) & UAC.disabled) throw credentialsRefused("533");
  if (isAccountExpired(user, now)) throw credentialsRefused("701");
  const expiry = passwordExpiry(user, policy);
  if (expiry === 0n) throw credentialsRefused("773");
  if (expiry <= now) throw credentialsRefused("532");
  noteSignIn(store, user);
}

function verify(store: Store, user: Entry, policy: PasswordPolicy, password: Buffer): void {
  const digest = user.secret?.digest(Buffer.from(password.toString("utf8"), "utf16le"));
  if (digest && user.secret?.isCurrent(digest)) return;
  if (digest && user.secret?.isFormer(digest, UNCOUNTED_FORMER)) noteFormerPassword(store, user);
  else countWrongPassword(store, user, policy);
  throw credentialsRefused("52e");
}
