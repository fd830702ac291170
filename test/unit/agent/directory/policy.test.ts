import fc from "fast-check";
import type { Entry } from "ldapts";
import type { Account } from "../../../../agent/directory/account.ts";
import type { DirectoryConnection } from "../../../../agent/directory/connection.ts";
import {
  DOMAIN_POLICY_ATTRIBUTES,
  domainPolicy,
  SETTINGS_ATTRIBUTES,
  settingsPolicy,
  UNKNOWN_POLICY,
} from "../../../../agent/directory/policy.ts";
import { readPolicy } from "../../../../agent/directory/policyReader.ts";

const DOMAIN: Entry = {
  dn: "DC=corp,DC=example",
  minPwdLength: "8",
  pwdProperties: "17",
  pwdHistoryLength: "24",
  minPwdAge: "-864000000000",
  lockoutThreshold: "5",
  lockOutObservationWindow: "-18000000000",
};
const DOMAIN_RULES = {
  minimumLength: 8,
  complexity: true,
  historyLength: 24,
  minimumAge: 864_000_000_000n,
  lockoutThreshold: 5,
  lockoutWindow: 18_000_000_000n,
};
const SETTINGS: Entry = {
  dn: "CN=Strict",
  "msDS-MinimumPasswordLength": "16",
  "msDS-PasswordComplexityEnabled": "FALSE",
  "msDS-PasswordHistoryLength": "0",
  "msDS-MinimumPasswordAge": "0",
  "msDS-LockoutThreshold": "0",
  "msDS-LockoutObservationWindow": "0",
};
const SETTINGS_RULES = {
  minimumLength: 16,
  complexity: false,
  historyLength: 0,
  minimumAge: 0n,
  lockoutThreshold: 0,
  lockoutWindow: 0n,
};

test("domain and settings say the same in their own words", () => {
  expect(domainPolicy(DOMAIN)).toEqual(DOMAIN_RULES);
  expect(domainPolicy({ ...DOMAIN, pwdProperties: "16" }).complexity).toBe(false);
  expect(settingsPolicy(SETTINGS)).toEqual(SETTINGS_RULES);
});

const hostile = fc.oneof(
  fc.constant([]),
  fc.string(),
  fc.array(fc.string()),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.bigInt().map(String),
  fc.constantFrom("-1", "1025", "8.5", " 8", "0x8", "true", "1e3", "9".repeat(20)),
);

test("whatever a directory answers, a rule is a sound number or unknown", () => {
  const answers = (names: string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, hostile])), { requiredKeys: [] });
  fc.assert(
    fc.property(
      answers(DOMAIN_POLICY_ATTRIBUTES),
      answers(SETTINGS_ATTRIBUTES),
      (head, settings) => {
        for (const policy of [
          domainPolicy({ dn: "", ...head }),
          settingsPolicy({ dn: "", ...settings }),
        ]) {
          for (const count of [policy.minimumLength, policy.historyLength, policy.lockoutThreshold])
            expect(count === undefined || (count >= 0 && count <= 1_024)).toBe(true);
          for (const duration of [policy.minimumAge, policy.lockoutWindow])
            expect(duration === undefined || duration >= 0n).toBe(true);
          expect([true, false, undefined]).toContain(policy.complexity);
        }
      },
    ),
    { numRuns: 500 },
  );
});

/** A connection that answers what it is told and remembers what it was asked. */
function connectionWith(entries: Readonly<Record<string, Entry>>, domain: string | undefined) {
  const asked: string[] = [];
  const connection = {
    rootDse: { domain },
    look: async (dn: string) => {
      asked.push(dn);
      return entries[dn];
    },
  } as unknown as DirectoryConnection;
  return { asked, connection };
}
const account = (passwordSettings?: string) => ({ passwordSettings }) as Account;

test("the domain's rules are read once in 30 seconds, settings each time", async () => {
  const entries = { [DOMAIN.dn]: DOMAIN, [SETTINGS.dn]: SETTINGS };
  const { asked, connection } = connectionWith(entries, DOMAIN.dn);
  for (const now of [0, 1, 29_999, 30_000])
    expect(await readPolicy(connection, account(), () => now)).toEqual(DOMAIN_RULES);
  expect(asked).toEqual([DOMAIN.dn, DOMAIN.dn]);
  for (const _ of [1, 2])
    expect(await readPolicy(connection, account(SETTINGS.dn))).toEqual(SETTINGS_RULES);
  expect(asked).toHaveLength(4);
});

test("what is hidden is unknown, and never the domain's", async () => {
  const { connection } = connectionWith(
    { [DOMAIN.dn]: DOMAIN, "CN=Hidden": { dn: "" } },
    DOMAIN.dn,
  );
  expect(await readPolicy(connection, account("CN=Hidden"))).toEqual(UNKNOWN_POLICY);
  expect(await readPolicy(connection, account("CN=Nowhere"))).toEqual(UNKNOWN_POLICY);
  const mute = connectionWith({}, DOMAIN.dn);
  expect(await readPolicy(mute.connection, account())).toEqual(UNKNOWN_POLICY);
  const nameless = connectionWith({}, undefined);
  expect(await readPolicy(nameless.connection, account())).toEqual(UNKNOWN_POLICY);
  expect(nameless.asked).toEqual([]);
});
