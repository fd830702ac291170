import { frontEndFailure } from "../diagnostics.ts";
import { CODE } from "../failure.ts";
import { type AttributeType, attributeKey, attributeType } from "../schema/attributes.ts";
import { classType } from "../schema/classes.ts";
import { compareValues, comparisonKey, parseInteger } from "../schema/comparison.ts";
import type { Filter } from "../wire/filter.ts";

/** True, false, or undefined where a filter can't be judged (RFC 4511 §4.5.1.7). */
export type Truth = boolean | undefined;

/** Values of an attribute, by name in lower case. */
export type Values = (attribute: string) => readonly Buffer[];

const BIT_AND = "1.2.840.113556.1.4.803";
const BIT_OR = "1.2.840.113556.1.4.804";

/** Whether an entry with these values matches. Attributes that don't exist can't be judged. */
export function match(filter: Filter, values: Values): Truth {
  switch (filter.kind) {
    case "and":
      return all(filter.filters, values, false);
    case "or":
      return all(filter.filters, values, true);
    case "not": {
      const truth = match(filter.filter, values);
      return truth === undefined ? undefined : !truth;
    }
    default:
      return matchItem(filter, values);
  }
}

/** `decisive` settles the whole: false for "and", true for "or". */
function all(filters: readonly Filter[], values: Values, decisive: boolean): Truth {
  let result: Truth = !decisive;
  for (const filter of filters) {
    const truth = match(filter, values);
    if (truth === decisive) return decisive;
    if (truth === undefined) result = undefined;
  }
  return result;
}

type Item = Exclude<Filter, { kind: "and" | "or" | "not" }>;

function matchItem(filter: Item, values: Values): Truth {
  const key = attributeKey(filter.attribute);
  const type = attributeType(key);
  if (!type || type.nature === "hidden") return undefined;
  const held = values(key);
  switch (filter.kind) {
    case "present":
      return held.length > 0;
    case "substrings":
      return matchSubstrings(filter, type, held);
    case "extensible":
      return matchBits(filter.rule, filter.value, held);
    case "atLeast":
    case "atMost":
      return matchOrder(filter.kind === "atLeast" ? 1 : -1, filter.value, type, held);
    default:
      return matchEqual(filter.value, type, held);
  }
}

function matchEqual(value: Buffer, type: AttributeType, held: readonly Buffer[]): Truth {
  const wanted = comparisonKey(type.syntax, value) ?? undefined;
  if (type.name === "objectCategory" && !value.includes("=")) return matchCategory(value, held);
  if (wanted === undefined) return undefined;
  return held.some((each) => comparisonKey(type.syntax, each) === wanted);
}

/** `objectCategory=person` stands for the category object of that class (MS-ADTS 3.1.1.3.1.3.5). */
function matchCategory(value: Buffer, held: readonly Buffer[]): Truth {
  const category = classType(value.toString("utf8"))?.category;
  if (category === undefined) return undefined;
  const prefix = `CN=${category},`;
  return held.some((each) => each.toString("utf8").startsWith(prefix));
}

function matchOrder(
  sign: 1 | -1,
  value: Buffer,
  type: AttributeType,
  held: readonly Buffer[],
): Truth {
  let result: Truth = false;
  for (const each of held) {
    const order = compareValues(type.syntax, each, value);
    if (order === undefined) result = undefined;
    else if (order * sign >= 0) return true;
  }
  return result;
}

function matchSubstrings(
  filter: Extract<Filter, { kind: "substrings" }>,
  type: AttributeType,
  held: readonly Buffer[],
): Truth {
  if (type.syntax !== "text" && type.syntax !== "oid") return undefined;
  const initial = (filter.initial ?? "").toLowerCase();
  const final = (filter.final ?? "").toLowerCase();
  const any = filter.any.map((part) => part.toLowerCase());
  return held.some((value) => {
    const text = value.toString("utf8").toLowerCase();
    if (!text.startsWith(initial) || !text.endsWith(final)) return false;
    const end = text.length - final.length;
    let at = initial.length;
    for (const part of any) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= end;
  });
}

function matchBits(rule: string, value: Buffer, held: readonly Buffer[]): Truth {
  if (rule !== BIT_AND && rule !== BIT_OR) {
    const comment = "Error processing filter";
    throw frontEndFailure(CODE.inappropriateMatching, "00000057", comment);
  }
  const mask = parseInteger(value);
  if (mask === undefined) return undefined;
  return held.some((each) => {
    const bits = (parseInteger(each) ?? 0n) & mask;
    return rule === BIT_AND ? bits === mask : bits !== 0n;
  });
}
