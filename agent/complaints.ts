import type { z } from "zod";

/**
 * One line for each key that is wrong: the key and the fix, never a value.
 * @param whole what the text as a whole is called
 */
export const complaints = (
  { issues }: Pick<z.ZodError, "issues">,
  given: unknown,
  whole: string,
): string[] => issues.flatMap((issue) => complaintsOn(issue, given, whole));

function complaintsOn(issue: z.core.$ZodIssue, given: unknown, whole: string): string[] {
  const key = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => `${[key, name].filter(Boolean).join(".")}: unknown; remove it`);
  const missing = issue.path.length > 0 && valueAt(given, issue.path) === undefined;
  return [`${key || whole}: ${missing ? "is missing" : issue.message}`];
}

const valueAt = (given: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    given,
  );

/** Keys whose values enrolment has left for a person to fill in. */
export function placeholders(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === "string") return /^<.*>$/.test(value) ? [path.join(".")] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => placeholders(member, [...path, name]));
}
