import { isDefinite } from "../../../../functions/relay/sendErrors.ts";

const coded = (code: unknown) => Object.assign(new Error("text"), { code });

test.each([
  "UnauthorizedAccess",
  "MessagingEntityNotFound",
  "MessagingEntityDisabled",
  "MessageSizeExceeded",
  "QuotaExceeded",
])("%s: nothing was sent", (code) => {
  expect(isDefinite(coded(code))).toBe(true);
});

test.each([
  "ServiceTimeout",
  "ServiceCommunicationProblem",
  "GeneralError",
  "ServiceBusy",
  "MessageLockLost",
  undefined,
  5,
])("%p: it may have been sent", (code) => {
  expect(isDefinite(coded(code))).toBe(false);
});

test("of several attempts each must be definite: the first may have arrived", () => {
  const [sure, unsure] = [coded("UnauthorizedAccess"), coded("ServiceTimeout")];
  expect(isDefinite(new AggregateError([sure, sure]))).toBe(true);
  expect(isDefinite(new AggregateError([unsure, sure]))).toBe(false);
  expect(isDefinite(new AggregateError([]))).toBe(false);
});

test("what is no error is not definite either", () => {
  for (const thrown of [undefined, null, "UnauthorizedAccess", { code: "UnauthorizedAccess" }])
    expect(isDefinite(thrown)).toBe(false);
});
