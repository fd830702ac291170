import { z } from "zod";

/** The classes of characters that are sure to be told apart: those of ASCII. */
export const characterClass = z.enum(["uppercase", "lowercase", "digit", "symbol"]);
export type CharacterClass = z.infer<typeof characterClass>;

/** Characters of the administrator's own words on what a password filter wants. */
export const MAX_HELP_TEXT = 500;

/** Set where it is one of several rules that alone may have said no, and nobody can tell which. */
const possibly = z.literal(true).optional();

/** A rule that a new password breaks, with what a person needs to find a better one. */
export const violation = z.discriminatedUnion("code", [
  /** UTF-16 units that the policy asks for. */
  z.object({ code: z.literal("tooShort"), minimum: z.int().min(1).max(1_024) }),
  /** Too few classes of characters; `missing` are those that it has none of. */
  z.object({ code: z.literal("notComplex"), missing: z.array(characterClass).max(4) }),
  z.object({ code: z.literal("containsName") }),
  /** ISO 8601, by the directory's clock. */
  z.object({ code: z.literal("tooSoon"), earliest: z.iso.datetime() }),
  z.object({ code: z.literal("sameAsCurrent") }),
  /** How many passwords are remembered, the current one included. */
  z.object({ code: z.literal("inHistory"), remembered: z.int().min(1).max(1_024), possibly }),
  z.object({
    code: z.literal("filtered"),
    helpText: z.string().min(1).max(MAX_HELP_TEXT).optional(),
    possibly,
  }),
  /** The policy said no, and what could be read does not tell which rule. */
  z.object({ code: z.literal("unknown") }),
]);
export type Violation = z.infer<typeof violation>;

/** A rule that only a newer agent knows reads as `unknown`. */
export const violations = z
  .array(violation.catch({ code: "unknown" }))
  .min(1)
  .max(8);
