import { type Consequence, consequenceOf } from "../../../../functions/throttle/consequence.ts";
import type { Kind } from "../../../../functions/throttle/counters.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";

const answered = { server: "dc1.corp.example", resultCode: 19 };

test.each<[Kind, Verdict, Consequence]>([
  ["reset", { status: "succeeded" }, "clears"],
  ["change", { status: "succeeded" }, "clears"],
  ["reset", { status: "unknown", code: "outcomeUnknown" }, "counts"],
  ["change", { status: "unknown", code: "outcomeUnknown" }, "counts"],
  ["reset", { status: "failed", code: "passwordPolicyViolation" }, "refused"],
  ["change", { status: "failed", code: "passwordPolicyViolation", directory: answered }, "refused"],
  ["reset", { status: "failed", code: "accountProtected" }, "counts"],
  ["reset", { status: "failed", code: "directoryUnreachable" }, "forgotten"],
  [
    "reset",
    { status: "failed", code: "agentLacksResetPassword", directory: answered },
    "forgotten",
  ],
  ["change", { status: "failed", code: "currentPasswordWrong" }, "counts"],
  ["change", { status: "failed", code: "currentPasswordWrong", directory: answered }, "counts"],
  ["change", { status: "failed", code: "accountLocked", directory: answered }, "forgotten"],
  ["change", { status: "failed", code: "superseded", directory: answered }, "counts"],
  ["change", { status: "failed", code: "directoryRefused", directory: answered }, "counts"],
  ["change", { status: "failed", code: "somethingNew", directory: answered }, "counts"],
  ["change", { status: "failed", code: "accountDisabled" }, "forgotten"],
  ["change", { status: "failed", code: "directoryUnreachable" }, "forgotten"],
])("%s %j: %s", (kind, verdict, expected) => {
  expect(consequenceOf(kind, verdict)).toBe(expected);
});
