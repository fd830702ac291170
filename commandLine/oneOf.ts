import type { Option } from "./tool.ts";

/** An option whose value is one of some words. */
export const oneOf = (words: readonly string[], meaning: string) =>
  ({
    value: words.join("|"),
    meaning,
    must: [new RegExp(`^(?:${words.join("|")})$`), words.join(" or ")],
  }) as const satisfies Option;
