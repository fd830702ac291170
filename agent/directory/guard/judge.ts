import type { ErrorCode } from "@password-writeback/protocol/errors.ts";
import {
  type Circumstances,
  CONFIGURABLE_RULES,
  FIXED_RULES,
  type FixedRule,
  type RuleName,
} from "./rules.ts";
import type { ConfigurableRule } from "./settings.ts";
import type { GuardSubject } from "./subject.ts";

/** Whether an account may be touched, and by which rules of the table. */
export type Judgement =
  | { readonly kind: "refused"; readonly rule: RuleName; readonly code: ErrorCode }
  | {
      readonly kind: "allowed";
      /** Rules that apply and were let pass with a warning. */
      readonly warnings: readonly RuleName[];
      /** Protected, and let through as its owner's own change. */
      readonly asOwner: boolean;
    };

const names = <T extends object>(table: T): readonly (keyof T)[] =>
  Object.keys(table) as (keyof T)[];

const FIXED = names(FIXED_RULES);
const CONFIGURABLE = names(CONFIGURABLE_RULES);

/**
 * Judges an account by the table of refusals (`docs/directory.md`): rules that always hold, then
 * those that the settings may turn into a warning or switch off. The first that refuses is named.
 */
export function judge(subject: GuardSubject, circumstances: Circumstances): Judgement {
  const { settings, operation } = circumstances;
  const ownersChange = settings.ownersMayChange && operation === "change";
  const warnings: RuleName[] = [];
  let asOwner = false;
  for (const rule of [...FIXED, ...CONFIGURABLE]) {
    const row = rowOf(rule);
    if (!row.applies(subject, circumstances)) continue;
    const action = isFixed(rule) ? "refuse" : settings.rules[rule];
    if (action === "allow") continue;
    if (action === "refuse") {
      if (!ownersChange || !("exceptOwner" in row))
        return { kind: "refused", rule, code: row.code };
      asOwner = true;
    }
    warnings.push(rule);
  }
  return { kind: "allowed", warnings, asOwner };
}

const isFixed = (rule: RuleName): rule is FixedRule => rule in FIXED_RULES;
const rowOf = (rule: RuleName) =>
  isFixed(rule) ? FIXED_RULES[rule] : CONFIGURABLE_RULES[rule satisfies ConfigurableRule];
