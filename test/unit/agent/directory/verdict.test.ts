import fc from "fast-check";
import type { Attempt } from "../../../../agent/directory/explain.ts";
import { verdictOnRefusal } from "../../../../agent/directory/verdict.ts";
import { isErrorCode } from "../../../../protocol/errors.ts";
import { ATTRIBUTES, answer, byPolicy, ELSE, PASSWORD, SHORT, service } from "./refusals.ts";

const WRITABLE = { writable: new Set(["pwdlastset", "lockouttime"]) };

test.each([...PASSWORD, ...ATTRIBUTES, ...ELSE])("%s", (_, operation, resultCode, text, code) => {
  const refusal = answer(resultCode, text);
  expect(verdictOnRefusal({ operation, refusal, rights: WRITABLE }).code).toBe(code);
});

/** What the agent may write, and the right that is named then. */
test.each([
  ["reset", "00000005", ["pwdlastset", "lockouttime"], "agentLacksResetPassword", "Reset Password"],
  ["reset", undefined, ["lockouttime"], "agentLacksWritePwdLastSet", "pwdLastSet"],
  ["reset", undefined, ["pwdlastset"], "agentLacksWriteLockoutTime", "lockoutTime"],
  ["reset", undefined, [], "agentLacksWritePwdLastSet", "pwdLastSet, lockoutTime"],
  ["reset", undefined, "none named", "agentLacksWritePwdLastSet", "pwdLastSet, lockoutTime"],
  ["reset", undefined, "not read", "agentLacksRight", "Reset Password"],
  ["reset", "00000005", "not read", "agentLacksRight", "Reset Password"],
  ["reset", "00002098", "not read", "agentLacksRight", "pwdLastSet, lockoutTime"],
  ["reset", "00002098", ["pwdlastset"], "agentLacksWriteLockoutTime", "lockoutTime"],
  [
    "reset",
    "00002098",
    ["pwdlastset", "lockouttime"],
    "agentLacksRight",
    "pwdLastSet, lockoutTime",
  ],
  ["reset", "00000522", ["pwdlastset", "lockouttime"], "agentLacksRight", "Reset Password"],
  ["unlock", "00002098", "not read", "agentLacksWriteLockoutTime", "lockoutTime"],
  ["unlock", "00000005", "not read", "agentLacksWriteLockoutTime", "lockoutTime"],
  ["requireChange", "00002098", "not read", "agentLacksWritePwdLastSet", "pwdLastSet"],
  ["change", "00002098", [], "agentLacksWritePwdLastSet", "pwdLastSet"],
] as const)("%s without a right (%s, may write %j): %s, %s", (...row) => {
  const [operation, win32, may, code, missingRight] = row;
  const refusal = { resultCode: 50, ...(win32 && { win32 }) };
  const rights =
    may === "not read"
      ? undefined
      : { writable: may === "none named" ? undefined : new Set<string>(may) };
  expect(verdictOnRefusal({ operation, refusal, rights })).toEqual({ code, missingRight });
});

/** Windows does not say which control-access right was missing: the canary tells. */
test.each([
  ["reset", 50, "00000005", true, "agentLacksResetPassword", "Reset Password"],
  ["reset", 50, "00000005", false, "agentLacksUnexpirePassword", "Unexpire-Password"],
  ["reset", 50, "00000005", undefined, "agentLacksRight", "Reset Password"],
  ["reset", 50, undefined, undefined, "agentLacksResetPassword", "Reset Password"],
  ["change", 50, "00000005", false, "agentLacksUnexpirePassword", "Unexpire-Password"],
  ["change", 50, "00000005", true, "changeNotAllowed", undefined],
  ["change", 19, "00000005", undefined, "changeNotAllowed", undefined],
] as const)("%s that writes -1, %i %s, may unexpire: %s: %s", (...row) => {
  const [operation, resultCode, win32, mayUnexpire, code, missingRight] = row;
  const refusal = { resultCode, ...(win32 && { win32 }) };
  const rights = { ...WRITABLE, mayUnexpire };
  expect(verdictOnRefusal({ operation, refusal, rights, unexpires: true })).toEqual({
    code,
    ...(missingRight && { missingRight }),
  });
});

const ATTEMPT: Attempt = {
  newPassword: "Second-Meadow-28",
  policyEnforced: true,
  policy: {
    minimumLength: 8,
    complexity: true,
    historyLength: 5,
    minimumAge: 0n,
    lockoutThreshold: 5,
    lockoutWindow: 18_000_000_000n,
  },
  account: {
    pwdLastSet: 134_117_966_450_000_000n,
    accountName: "alex",
    displayName: undefined,
    passwordNotRequired: false,
  },
  checksNames: false,
  now: 134_118_966_450_000_000n,
};

test.each([
  ["by elimination where the directory names no rule", service("0000052D"), undefined],
  [
    "as the directory names it",
    byPolicy("Unwilling to perform", SHORT.replace("8", "24")),
    { code: "tooShort", minimum: 24 },
  ],
])("a policy refusal is explained %s", (_, text, violation) => {
  const refusal = answer(53, text);
  expect(verdictOnRefusal({ operation: "reset", refusal, attempt: ATTEMPT })).toEqual({
    code: "passwordPolicyViolation",
    violations: [violation ?? { code: "inHistory", remembered: 5 }],
  });
});

test("whether a policy refusal came as 19 or as 53 makes no difference", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("reset", "change", "unlock", "requireChange"),
      fc.integer({ min: 0, max: 0xffffffff }),
      (operation, number) => {
        const win32 = number.toString(16).toUpperCase().padStart(8, "0");
        const [as19, as53] = [19, 53].map((resultCode) =>
          verdictOnRefusal({ operation, refusal: { resultCode, win32 }, rights: WRITABLE }),
        );
        expect(as19).toEqual(as53);
        expect(isErrorCode(as19?.code ?? "")).toBe(true);
      },
    ),
  );
});
