import fc from "fast-check";
import { ConstraintViolationError, NoResultError, UnknownStatusCodeError } from "ldapts";
import { refusalOf } from "../../../../agent/directory/refusal.ts";
import { meaningOf } from "../../../../agent/directory/verdict.ts";
import { isErrorCode } from "../../../../protocol/errors.ts";

const ALL = { writable: new Set(["pwdlastset", "lockouttime"]) };

/** Operation, result code, prefix, verdict. Windows and Samba dialects side by side. */
test.each([
  ["reset", 53, "0000052D", "passwordPolicyViolation"],
  ["reset", 19, "0000052D", "passwordPolicyViolation"],
  ["change", 19, "0000052D", "passwordPolicyViolation"],
  ["change", 19, "00000056", "currentPasswordWrong"],
  ["change", 19, "0000056A", "currentPasswordWrong"],
  ["reset", 19, "00000056", "directoryRefused"],
  ["change", 19, "00000775", "accountLocked"],
  ["change", 19, "00000005", "changeNotAllowed"],
  ["change", 19, undefined, "changeNotAllowed"],
  ["change", 50, undefined, "changeNotAllowed"],
  ["change", 50, "00002098", "agentLacksRight"],
  ["reset", 50, "00000005", "agentLacksRight"],
  ["reset", 50, undefined, "agentLacksRight"],
  ["unlock", 50, "00002098", "agentLacksRight"],
  ["requireChange", 50, "00002098", "agentLacksRight"],
  ["reset", 53, "00000522", "agentLacksRight"],
  ["reset", 16, "00002085", "superseded"],
  ["change", 16, "00002085", "superseded"],
  ["requireChange", 16, "00002085", "superseded"],
  ["reset", 16, undefined, "superseded"],
  ["reset", 32, "0000208D", "directoryUserNotFound"],
  ["reset", 32, "00002030", "directoryUserNotFound"],
  ["unlock", 32, undefined, "directoryUserNotFound"],
  ["reset", 12, "00000057", "directoryCannotEnforcePolicy"],
  ["reset", 12, undefined, "directoryCannotEnforcePolicy"],
  ["unlock", 12, undefined, "directoryRefused"],
  ["reset", 80, "00000057", "directoryRefused"],
  ["reset", 53, "0000001F", "directoryRefused"],
  ["reset", 53, "00002035", "directoryRefused"],
  ["reset", 53, "00002077", "directoryRefused"],
  ["reset", 19, "00002081", "directoryRefused"],
  ["reset", 10, "0000202B", "directoryRefused"],
  ["reset", 53, undefined, "directoryRefused"],
  ["reset", 1, "00002020", "directoryUnreachable"],
  ["reset", 1, "000004DC", "directoryUnreachable"],
  ["change", 51, "0000200E", "directoryUnreachable"],
  ["change", 52, "0000200F", "directoryUnreachable"],
  ["reset", 51, undefined, "directoryUnreachable"],
  ["reset", 52, undefined, "directoryUnreachable"],
] as const)("%s refused with %i %s: %s", (operation, resultCode, win32, code) => {
  expect(meaningOf(operation, { resultCode, ...(win32 && { win32 }) }, ALL).code).toBe(code);
});

/** What the agent may write, and the right that is named then. */
test.each([
  ["reset", "00000005", ["pwdlastset", "lockouttime"], "Reset Password"],
  ["reset", undefined, ["lockouttime"], "pwdLastSet"],
  ["reset", undefined, ["pwdlastset"], "lockoutTime"],
  ["reset", undefined, [], "pwdLastSet, lockoutTime"],
  ["reset", "00002098", ["pwdlastset", "lockouttime"], "pwdLastSet, lockoutTime"],
  ["unlock", "00002098", ["pwdlastset"], "lockoutTime"],
  ["requireChange", "00002098", ["lockouttime"], "pwdLastSet"],
  ["change", "00002098", [], "pwdLastSet"],
] as const)("%s without a right (%s, may write %j): %s", (operation, win32, writable, right) => {
  const refusal = { resultCode: 50, ...(win32 && { win32 }) };
  expect(meaningOf(operation, refusal, { writable: new Set(writable) })).toEqual({
    code: "agentLacksRight",
    missingRight: right,
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
          meaningOf(operation, { resultCode, win32 }, ALL),
        );
        expect(as19).toEqual(as53);
        expect(isErrorCode(as19?.code ?? "")).toBe(true);
      },
    ),
  );
});

/** Windows, Samba and fakes: the prefix is read, the prose is not. */
test.each([
  ["0000052D: SvcErr: DSID-031A1254, problem 5003 (WILL_NOT_PERFORM), data 0\n", "0000052D"],
  ["0000052D: AtrErr: DSID-03191083, #1:\n\t0: 0000052D: DSID-03191083\n\0", "0000052D"],
  ["  0000056a: AtrErr", "0000056A"],
  ["error in module acl: insufficient access rights during LDB_MODIFY (50)", undefined],
  ["", undefined],
  ["0000052D1: nine digits", undefined],
])("%j has the prefix %s", (message, win32) => {
  expect(refusalOf(new ConstraintViolationError(message))).toEqual({
    resultCode: 19,
    ...(win32 && { win32 }),
  });
});

test("a code without a class of its own is an answer; no result, and any other error, is none", () => {
  expect(refusalOf(new UnknownStatusCodeError(80, "00000057: no"))).toEqual({
    resultCode: 80,
    win32: "00000057",
  });
  expect(refusalOf(new NoResultError())).toBeUndefined();
  expect(refusalOf(new Error("0000052D: not from the directory"))).toBeUndefined();
});
