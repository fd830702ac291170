import { isLocked } from "../accounts/accountState.ts";
import { countWrongPassword } from "../accounts/lockout.ts";
import { brokenRule, type SetKind } from "../accounts/passwordRules.ts";
import { passwordIn } from "../accounts/passwordValue.ts";
import { policyInForce } from "../accounts/policyInForce.ts";
import type { Secret } from "../accounts/secret.ts";
import { accessDenied, constraint, unwilling, updateFailure } from "../diagnostics.ts";
import { CODE } from "../failure.ts";
import type { Change } from "../wire/request.ts";
import type { AttributeRule, Modification } from "./attributeRule.ts";
import type { Draft } from "./draft.ts";

const NO_PASSWORD = Buffer.alloc(0);
/** Former passwords kept whatever the policy: a sign-in with one of two is not counted as wrong. */
const MIN_FORMER = 2;

type Request =
  | { readonly kind: "change"; readonly old: Buffer; readonly value: Buffer | undefined }
  | { readonly kind: "reset"; readonly value: Buffer }
  | { readonly kind: "malformed" };

/**
 * A reset is one replace, or a delete without value and an add; a change is a delete of the old
 * value and an add of the new one, in either order (MS-ADTS 3.1.1.3.1.5.1).
 */
function classify(changes: readonly Change[]): Request {
  const [first, second] = changes;
  if (changes.some((change) => change.values.length > 1)) return { kind: "malformed" };
  if (changes.length === 1 && first) {
    const value = first.values[0];
    if (first.kind === "replace" && value) return { kind: "reset", value };
    if (first.kind === "delete" && value) return { kind: "change", old: value, value: undefined };
    return { kind: "malformed" };
  }
  const removal = changes.find((change) => change.kind === "delete");
  const addition = changes.find((change) => change.kind === "add");
  const value = addition?.values[0];
  if (changes.length > 2 || !second || !removal || !value) return { kind: "malformed" };
  const old = removal.values[0];
  return old ? { kind: "change", old, value } : { kind: "reset", value };
}

/**
 * Sets a password. Everybody may change one whose old value they know; a reset needs the right.
 * A reset by somebody without Unexpire Password leaves a password that must be changed (MS-SAMR
 * 3.1.1.8.7). Refused passwords are 53 on a reset and 19 on a change, both `0000052D`, whatever
 * the rule.
 */
export const unicodePwd: AttributeRule = {
  checkAccess({ domain, identity, draft }, changes) {
    if (classify(changes).kind === "change") {
      if (domain.delegations.mayChange(draft.entry)) return;
      throw constraint("00000005", "unicodePwd");
    }
    if (!domain.delegations.allows(identity, "resetPassword", draft.entry)) {
      throw accessDenied("00000005");
    }
  },
  apply(modification, changes) {
    const { draft } = modification;
    const request = classify(changes);
    if (request.kind === "malformed") throw constraint("00002081", "unicodePwd");
    const secret = draft.entry.secret;
    if (!secret) throw updateFailure(CODE.objectClassViolation, "0000207D", 6002);
    if (request.kind === "reset") {
      const kind = modification.hinted ? "hintedReset" : "reset";
      setPassword(modification, secret, passwordIn(request.value), kind);
      return;
    }
    const old = passwordIn(request.old);
    const password = request.value ? passwordIn(request.value) : NO_PASSWORD;
    verifyOld(modification, secret, old);
    setPassword(modification, secret, password, "change");
  },
};

/** A locked account is refused whatever the old value, and without counting. */
function verifyOld({ domain, draft }: Modification, secret: Secret, old: Buffer): void {
  const policy = policyInForce(domain, draft.entry);
  if (isLocked(draft.entry, policy, domain.store.ticks.next())) {
    throw constraint("00000775", "unicodePwd");
  }
  if (secret.isCurrent(secret.digest(old))) return;
  countWrongPassword(domain.store, draft.entry, policy);
  throw constraint("00000056", "unicodePwd");
}

function setPassword(
  { domain, identity, draft }: Modification,
  secret: Secret,
  password: Buffer,
  kind: SetKind,
): void {
  const policy = policyInForce(domain, draft.entry);
  const digest = secret.digest(password);
  const now = domain.store.ticks.next();
  if (brokenRule({ kind, user: draft.entry, secret, policy, password, digest, now })) {
    throw kind === "change" ? constraint("0000052D", "unicodePwd") : unwilling("0000052D");
  }
  draft.setInteger("badpwdcount", 0);
  const isValid = kind === "change" || domain.delegations.mayUnexpire(identity);
  if (!asksMustChange(draft)) draft.setInteger("pwdlastset", isValid ? now : 0n);
  const keep = Math.max(policy.historyLength - 1, MIN_FORMER);
  draft.atCommit("unicodepwd", () => secret.replace(digest, keep));
}

/** The rule of `pwdLastSet` comes first: a zero that it wrote stays. */
const asksMustChange = (draft: Draft): boolean =>
  draft.wrote("pwdlastset") && draft.integer("pwdlastset") === 0n;
