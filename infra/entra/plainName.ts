const LONGEST = 64;

/**
 * A name that somebody in the tenant has chosen, for a terminal: what is no letter, mark, digit,
 * punctuation or blank could move the cursor, or turn the direction of the line.
 */
export const plainName = (name: string): string =>
  name.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, "?").slice(0, LONGEST);
