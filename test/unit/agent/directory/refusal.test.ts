import { NoResultError, UnknownStatusCodeError } from "ldapts";
import { evidenceOf, refusalOf } from "../../../../agent/directory/refusal.ts";
import { answer, byPolicy, SHORT } from "./refusals.ts";

/**
 * Windows, Samba and fakes: the prefix is read, and of the prose only what is known for certain.
 */
test.each([
  ["0000052D: SvcErr: DSID-031A1254, problem 5003 (WILL_NOT_PERFORM), data 0\n", "0000052D"],
  ["0000052D: AtrErr: DSID-03191083, #1:\n\t0: 0000052D: DSID-03191083\n\0", "0000052D"],
  ["  0000056a: AtrErr", "0000056A"],
  ["error in module acl: insufficient access rights during LDB_MODIFY (50)", undefined],
  ["", undefined],
  ["0000052D1: nine digits", undefined],
])("%j has the prefix %s", (message, win32) => {
  expect(answer(19, message)).toEqual({ resultCode: 19, ...(win32 && { win32 }) });
});

test.each([
  ["the password is too short. It should be equal or longer than 8 characters!", 8],
  ["the password is too short. It should be equal to or longer than 16 characters!", 16],
])("%s", (rule, minimum) => {
  const { told } = answer(19, byPolicy("Constraint violation", rule));
  expect(told).toEqual({ rule: "tooShort", minimum });
});

test.each([
  ["the password does not meet the complexity criteria!", "notComplex"],
  ["the password was already used (in history)!", "inHistory"],
  ["the password was already used (previous password)!", "sameAsCurrent"],
  ["password is too young to change!", "tooSoon"],
])("%s", (text, rule) => {
  expect(answer(53, byPolicy("Unwilling to perform", text)).told).toEqual({ rule });
});

test.each([
  "the password is too short. It should be equal or longer than 0 characters!",
  "the password is too short. It should be equal or longer than 9999 characters!",
  "the password is too short.",
  "something else about the password",
])("nothing is made of: %s", (rule) => {
  expect(answer(19, byPolicy("Constraint violation", rule)).told).toBeUndefined();
});

test("nothing of the prose is in what an operator reads", () => {
  expect(evidenceOf(answer(53, byPolicy("Unwilling to perform", SHORT)))).toEqual({
    resultCode: 53,
    win32: "0000052D",
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
