import fc from "fast-check";
import { characterClasses } from "../../../../../local/directory/accounts/characterClasses.ts";
import { holdsName } from "../../../../../local/directory/accounts/nameInPassword.ts";
import { policyOf } from "../../../../../local/directory/accounts/passwordPolicy.ts";
import { brokenRule, type SetKind } from "../../../../../local/directory/accounts/passwordRules.ts";
import { Secret } from "../../../../../local/directory/accounts/secret.ts";
import type { Entry } from "../../../../../local/directory/store/entry.ts";
import { OLD, TestDomain } from "../testDomain.ts";

const utf16 = (password: string): Buffer => Buffer.from(password, "utf16le");

function judge(directory: TestDomain, user: Entry, password: string, kind: SetKind) {
  const secret = user.secret ?? new Secret();
  return brokenRule({
    kind,
    user,
    secret,
    policy: policyOf(directory.domain.head),
    password: utf16(password),
    digest: secret.digest(utf16(password)),
    now: directory.domain.store.ticks.next(),
  });
}

test.each([
  ["aaa", 1],
  ["Aa", 2],
  ["Aa1", 3],
  ["Aa1!", 4],
  ["Aa1!字", 5],
  ["ÄäΩ", 2],
  ["€£ ", 0],
  ["😀", 0],
  ["()=+~`|\\\"'", 1],
])("%j has %d classes of characters", (password, count) => {
  expect(characterClasses(password)).toBe(count);
});

test("length is counted in UTF-16 units", () => {
  const directory = new TestDomain();
  const user = directory.user("alex");
  expect(judge(directory, user, "Aa1!😀😀", "reset")).toBeUndefined();
  expect(judge(directory, user, "Aa1!😀x", "reset")).toBe("minimumLength");
  expect(judge(directory, user, `Aa1!${"x".repeat(252)}`, "reset")).toBeUndefined();
  expect(judge(directory, user, `Aa1!${"x".repeat(253)}`, "reset")).toBe("maximumLength");
});

test("complexity and names count only while the policy asks for complexity", () => {
  const directory = new TestDomain();
  const user = directory.user("alex");
  expect(judge(directory, user, "lowercase1", "reset")).toBe("complexity");
  expect(judge(directory, user, "My-ALEX-4711", "reset")).toBe("names");
  directory.policy({ pwdProperties: 0 });
  expect(judge(directory, user, "lowercase1", "reset")).toBeUndefined();
  expect(judge(directory, user, "My-ALEX-4711", "reset")).toBeUndefined();
});

test.each([
  ["neil-Xy99!", false],
  ["SMITH-Xy99!", true],
  ["o'neil-Xy99", true],
  ["li-Xy99!zzz", false],
  ["XonX-Xy99!", false],
])("%s holds a part of the names: %s", (password, expected) => {
  const user = new TestDomain().user("on", { displayName: "Li O'Neil-Smith" });
  expect(holdsName(password, user)).toBe(expected);
});

test.each<[SetKind, string | undefined]>([
  ["change", "minimumAge"],
  ["hintedReset", "minimumAge"],
  ["reset", undefined],
])("minimum age binds a %s: %s", (kind, expected) => {
  const directory = new TestDomain();
  const user = directory.user("alex");
  directory.policy({ minPwdAge: -600_000_000 });
  expect(judge(directory, user, "Quiet-Meadow-63", kind)).toBe(expected);
  directory.now += 59_000;
  expect(judge(directory, user, "Quiet-Meadow-63", kind)).toBe(expected);
  directory.now += 1_001;
  expect(judge(directory, user, "Quiet-Meadow-63", kind)).toBeUndefined();
});

test.each<[SetKind, string | undefined]>([
  ["change", "history"],
  ["hintedReset", "history"],
  ["reset", undefined],
])("history binds a %s: %s", (kind, expected) => {
  const directory = new TestDomain();
  const user = directory.user("alex");
  expect(judge(directory, user, OLD, kind)).toBe(expected);
  directory.policy({ pwdHistoryLength: 0 });
  expect(judge(directory, user, OLD, kind)).toBeUndefined();
});

test("as many passwords are remembered as the policy says, the current one included", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 8 }), (kept, back) => {
      const secret = new Secret();
      const words = Array.from({ length: back + 1 }, (_, at) => secret.digest(utf16(`w${at}`)));
      for (const word of words) secret.replace(word, Math.max(kept - 1, 2));
      const oldest = words[0] ?? Buffer.alloc(0);
      const isRemembered = secret.isCurrent(oldest) || secret.isFormer(oldest, kept - 1);
      expect(isRemembered).toBe(back < kept);
    }),
  );
});
