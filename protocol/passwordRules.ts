import { z } from "zod";
import { MAX_HELP_TEXT } from "./violation.ts";

/** Above what a directory can mean; units, passwords. */
const count = z.int().min(0).max(1_024);

/** Absent is unknown, and so is what this reader does not understand: never "none". */
const known = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** What the next password of one account must be, as far as the directory tells. */
export const passwordRules = z.object({
  /** UTF-16 units; 0: any. */
  minimumLength: known(count),
  /** Whether characters of three classes are asked for. */
  complexity: known(z.boolean()),
  /** Whether the account's name and parts of the display name must not be in it. */
  namesRefused: known(z.boolean()),
  /** How many passwords are remembered, the current one included; 0: none. */
  historyLength: known(count),
  /** Seconds that a password must be kept before the next change; 0: none. */
  minimumAgeSeconds: known(z.int().min(0)),
  /**
   * ISO 8601, by the directory's clock; the moment of reading where there is nothing to wait for.
   */
  changeAllowedFrom: known(z.iso.datetime()),
  /** Whether a reset, without the current password, would be carried out at all. */
  resetAllowed: known(z.boolean()),
  /** Whether history and minimum age count in a reset too, as they do in every change. */
  enforcedOnReset: known(z.boolean()),
  /** Whether the account is locked: no change then, but a reset or an unlock. */
  locked: known(z.boolean()),
  /** A password filter that the administrator says is in place, in the administrator's words. */
  passwordFilter: known(z.object({ helpText: known(z.string().min(1).max(MAX_HELP_TEXT)) })),
});
export type PasswordRules = z.infer<typeof passwordRules>;
