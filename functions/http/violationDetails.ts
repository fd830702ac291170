import { POSSIBLE_VIOLATION_TEXTS, VIOLATION_TEXTS } from "@password-writeback/protocol/texts.ts";
import type { Violation } from "@password-writeback/protocol/violation.ts";

/** One entry of `details` in Graph's error envelope; numbers and times are members of their own. */
export type ViolationDetail = Violation & { readonly message: string; readonly target: string };

/** What a caller is told of each rule that a new password broke. */
export const violationDetails = (violations: readonly Violation[]): ViolationDetail[] =>
  violations.map((violation) => ({
    ...violation,
    message: messageOf(violation),
    target: "newPassword",
  }));

function messageOf(violation: Violation): string {
  const { code } = violation;
  const possibly = "possibly" in violation && violation.possibly;
  const text = (possibly ? POSSIBLE_VIOLATION_TEXTS[code] : undefined) ?? VIOLATION_TEXTS[code];
  const values: Readonly<Record<string, unknown>> = violation;
  const sentence = text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  const help = violation.code === "filtered" ? violation.helpText : undefined;
  return help === undefined ? sentence : `${sentence} ${help}`;
}
