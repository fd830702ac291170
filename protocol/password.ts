import { z } from "zod";
import { MAX_PASSWORD_UNITS } from "./limits.ts";

/**
 * A password as somebody typed it: nothing is trimmed or normalised, since AD stores what it is
 * given. NUL and lone surrogates are refused: directories take them, but nobody can type them.
 * The limit counts UTF-16 code units, as AD does (MS-SAMR 3.1.1.7.2).
 */
export const password = z
  .string()
  .min(1, "must not be empty")
  // Not `max`: zod counts code points there.
  .refine(
    (text) => text.length <= MAX_PASSWORD_UNITS,
    `must have at most ${MAX_PASSWORD_UNITS} UTF-16 code units`,
  )
  .refine((text) => !text.includes("\0"), "must not contain NUL")
  .refine((text) => text.isWellFormed(), "must not contain a lone surrogate");
