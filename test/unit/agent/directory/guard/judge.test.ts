import { type Judgement, judge } from "../../../../../agent/directory/guard/judge.ts";
import type { Circumstances } from "../../../../../agent/directory/guard/rules.ts";
import { guardSettings } from "../../../../../agent/directory/guard/settings.ts";
import { readSubject } from "../../../../../agent/directory/guard/subject.ts";
import { alsoIn, BASE_DN, CHANGE_DENIED, DOMAIN_SID, entryOf, OWN_SIDS, sid } from "./entries.ts";

/** FILETIME of 2026-01-01. */
const NOW = 134_116_992_000_000_000n;

function judged(different: object, settings: object = {}, more: Partial<Circumstances> = {}) {
  const subject = readSubject(entryOf(different as Record<string, unknown>));
  if (!subject) throw new Error("unreadable");
  return judge(subject, {
    settings: guardSettings.parse(settings),
    baseDn: BASE_DN,
    operation: "reset",
    mustChange: false,
    ownSids: OWN_SIDS,
    now: NOW,
    ...more,
  });
}

const ALLOWED: Judgement = { kind: "allowed", warnings: [], asOwner: false };
const control = (bits: number) => ({ userAccountControl: String(0x200 | bits) });
const withRid = (rid: number) => ({ objectSid: sid(`${DOMAIN_SID}-${rid}`) });
const classes = (...more: string[]) => ({
  objectClass: ["top", "person", "organizationalPerson", "user", ...more],
});
const domainGroup = (rid: number) => alsoIn(`${DOMAIN_SID}-${rid}`);

test("an ordinary person is let through without a word", () => {
  expect(judged({})).toEqual(ALLOWED);
  expect(judged(classes("inetOrgPerson"))).toEqual(ALLOWED);
});

const FIXED: readonly [what: string, different: object, rule: string, code: string][] = [
  ["the agent itself", withRid(1105), "ownAccount", "accountOfTheAgent"],
  ["MSOL_", { sAMAccountName: "MSOL_0a1b2c" }, "synchronisation", "accountOfSynchronisation"],
  ["AAD_", { sAMAccountName: "aad_0a1b2c" }, "synchronisation", "accountOfSynchronisation"],
  ...[500, 501, 502, 503, 504].map((rid): [string, object, string, string] => [
    `RID ${rid}`,
    withRid(rid),
    "builtIn",
    "accountProtected",
  ]),
  ["critical", { isCriticalSystemObject: "TRUE" }, "builtIn", "accountProtected"],
  ["krbtgt of an RODC", { "msDS-SecondaryKrbTgtNumber": "4711" }, "rodcKrbtgt", "accountProtected"],
  ["a computer", classes("computer"), "notPerson", "accountNotPerson"],
  [
    "a gMSA",
    classes("computer", "msDS-GroupManagedServiceAccount"),
    "notPerson",
    "accountNotPerson",
  ],
  ["an sMSA", classes("msDS-ManagedServiceAccount"), "notPerson", "accountNotPerson"],
  ["a dMSA", classes("MSDS-DELEGATEDMANAGEDSERVICEACCOUNT"), "notPerson", "accountNotPerson"],
  ["a contact", { objectClass: ["top", "person", "contact"] }, "notPerson", "accountNotPerson"],
  ["a machine's type", { sAMAccountType: "805306369" }, "notPerson", "accountNotPerson"],
  ["a trust's type", { sAMAccountType: "805306370" }, "trust", "accountTrust"],
  ["an interdomain trust", control(0x800), "trust", "accountTrust"],
  ["a workstation trust", control(0x1000), "trust", "accountTrust"],
  ["a server trust", control(0x2000), "trust", "accountTrust"],
  ["an RODC", control(0x400_0000), "trust", "accountTrust"],
  ...[512, 516, 518, 519, 521, 498].map((rid): [string, object, string, string] => [
    `group ${rid}`,
    domainGroup(rid),
    "administrators",
    "accountProtected",
  ]),
  [
    "Enterprise Admins of the forest's root",
    alsoIn("S-1-5-21-9-8-7-519"),
    "administrators",
    "accountProtected",
  ],
  ["Administrators", alsoIn("S-1-5-32-544"), "administrators", "accountProtected"],
  ...[526, 527, 520, 517, 522].map((rid): [string, object, string, string] => [
    `group ${rid}`,
    domainGroup(rid),
    "tierZero",
    "accountProtected",
  ]),
  ...[548, 549, 550, 551, 552, 557, 578].map((rid): [string, object, string, string] => [
    `S-1-5-32-${rid}`,
    alsoIn(`S-1-5-32-${rid}`),
    "operators",
    "accountProtected",
  ]),
  [
    "another domain",
    { distinguishedName: "CN=alex,DC=sub,DC=example" },
    "outOfScope",
    "accountOutOfScope",
  ],
];

test.each(FIXED)("%s is always refused", (_, different, rule, code) => {
  const everything = {
    rules: Object.fromEntries(
      Object.keys(guardSettings.parse({}).rules).map((name) => [name, "allow"]),
    ),
  };
  expect(judged(different, everything)).toEqual({ kind: "refused", rule, code });
  expect(judged(different)).toEqual({ kind: "refused", rule, code });
});

const EXTRA = `${DOMAIN_SID}-1301`;
const CONFIGURABLE: readonly [rule: string, different: object, code: string, standard: string][] = [
  ["protectedGroup", alsoIn(EXTRA), "accountProtected", "refuse"],
  ["protectedUsers", domainGroup(525), "accountInProtectedUsers", "refuse"],
  ["staleProtection", { adminCount: "1" }, "accountStaleProtection", "refuse"],
  ["service", { servicePrincipalName: "HTTP/a" }, "accountIsService", "refuse"],
  [
    "service",
    { "servicePrincipalName;range=0-1499": ["HTTP/a", "HTTP/b"] },
    "accountIsService",
    "refuse",
  ],
  ["smartcardOnly", control(0x4_0000), "accountSmartcardOnly", "refuse"],
  ["trustedForDelegation", control(0x8_0000), "accountTrustedForDelegation", "refuse"],
  ["trustedForDelegation", control(0x100_0000), "accountTrustedForDelegation", "refuse"],
  [
    "trustedForDelegation",
    { "msDS-AllowedToDelegateTo": ["cifs/a", "cifs/b"] },
    "accountTrustedForDelegation",
    "refuse",
  ],
  ["disabled", control(0x2), "accountDisabled", "refuse"],
  ["expired", { accountExpires: String(NOW) }, "accountExpired", "refuse"],
  ["passwordNotRequired", control(0x20), "accountPasswordNotRequired", "warn"],
  ["neverExpires", control(0x1_0000), "accountNeverExpires", "warn"],
  ["resetThoughDenied", CHANGE_DENIED, "changeNotAllowed", "warn"],
  ["changeDenied", CHANGE_DENIED, "changeNotAllowed", "refuse"],
];

test.each(CONFIGURABLE)("%s with %j", (rule, different, code, standard) => {
  const operation = rule === "changeDenied" ? "change" : "reset";
  const circumstances = { mustChange: true, operation } as const;
  const given = (rules: object) =>
    judged(different, { protectedGroups: [EXTRA], rules }, circumstances);
  const refused = { kind: "refused", rule, code };
  const warned = { ...ALLOWED, warnings: [rule] };
  expect(given({})).toEqual(standard === "refuse" ? refused : warned);
  expect(given({ [rule]: "refuse" })).toEqual(refused);
  expect(given({ [rule]: "warn" })).toEqual(warned);
  expect(given({ [rule]: "allow" })).toEqual(ALLOWED);
});

test.each([
  ["never expires, nobody asked for must change", control(0x1_0000)],
  ["an end that is to come", { accountExpires: String(NOW + 1n) }],
  ["no end: 0", { accountExpires: "0" }],
  ["no end: absent", { accountExpires: [] }],
  ["not critical", { isCriticalSystemObject: "FALSE" }],
  ["adminCount 0", { adminCount: "0" }],
  ["an administrators' RID in another authority", alsoIn("S-1-5-22-1-2-3-512")],
  ["a longer SID", alsoIn(`${DOMAIN_SID}-1-512`)],
  ["RID 1500", withRid(1500)],
  ["another primary group", { ...domainGroup(1400), primaryGroupID: "1400" }],
])("%s: nothing to refuse", (_, different) => {
  expect(judged(different)).toEqual(ALLOWED);
});

test.each(["unlock", "requireChange"] as const)(
  "%s asks nothing of who may change",
  (operation) => {
    expect(judged(CHANGE_DENIED, {}, { operation })).toEqual(ALLOWED);
  },
);

test.each([
  ["text", "denied"],
  ["too short", Buffer.from("0100", "hex")],
  ["twice", [CHANGE_DENIED.nTSecurityDescriptor, CHANGE_DENIED.nTSecurityDescriptor]],
])("of a descriptor that is broken (%s) nothing is said: the directory decides", (_, broken) => {
  const different = { nTSecurityDescriptor: broken };
  for (const operation of ["change", "reset"] as const)
    expect(judged(different, {}, { operation })).toEqual(ALLOWED);
});

const STAFF = `OU=Staff,${BASE_DN}`;
const OUT = { kind: "refused", rule: "outOfScope", code: "accountOutOfScope" };
test.each([
  [{ in: [STAFF] }, ALLOWED],
  [{ in: [`ou=staff,${BASE_DN.toLowerCase()}`] }, ALLOWED],
  [{ in: [`OU=Sales,${BASE_DN}`, STAFF] }, ALLOWED],
  [{ in: [`OU=taff,${BASE_DN}`] }, OUT],
  [{ in: [`CN=alex,${STAFF}`] }, OUT],
  [{ in: [STAFF], out: [STAFF] }, OUT],
  [{ out: [`OU=Sub,${STAFF}`] }, ALLOWED],
  [{ out: [`cn=Alex,${STAFF}`] }, OUT],
  [{ groupsIn: [`${DOMAIN_SID}-513`] }, ALLOWED],
  [{ groupsIn: [`${DOMAIN_SID}-1400`] }, OUT],
  [{ groupsOut: [`${DOMAIN_SID}-513`] }, OUT],
])("scope %j", (scope, expected) => {
  expect(judged({}, { scope })).toEqual(expected);
});

test("a base that is no name holds nobody", () => {
  expect(judged({}, {}, { baseDn: "corp.example" })).toEqual(OUT);
});

test.each([
  [domainGroup(512), "administrators"],
  [{ ...alsoIn("S-1-5-32-544"), adminCount: "1" }, "administrators staleProtection"],
  [alsoIn("S-1-5-32-548"), "operators"],
  [domainGroup(525), "protectedUsers"],
])("the owner's own change on a protected account, where it is allowed: %j", (different, rules) => {
  const settings = { ownersMayChange: true };
  const warnings = rules.split(" ");
  expect(judged(different, settings, { operation: "change" })).toEqual({
    kind: "allowed",
    warnings,
    asOwner: true,
  });
  for (const operation of ["reset", "unlock", "requireChange"] as const)
    expect(judged(different, settings, { operation }).kind).toBe("refused");
  expect(judged(different, {}, { operation: "change" }).kind).toBe("refused");
});

test.each([
  withRid(500),
  withRid(1105),
  control(0x2),
  control(0x1000),
  { ...domainGroup(512), distinguishedName: "CN=alex,DC=sub,DC=example" },
  { ...domainGroup(512), ...control(0x4_0000) },
])("the owner's exception is about protected groups only: %j", (different) => {
  const judgement = judged(different, { ownersMayChange: true }, { operation: "change" });
  expect(judgement.kind).toBe("refused");
});
