import { Random } from "./random.ts";

/** What became of one hostile input. */
export type Fate = "refused" | "harmless" | "bypass";

export interface TrustFigures {
  readonly inputs: number;
  readonly refused: number;
  /** Not refused, and shown to mean what the healthy one, or its own text, means. */
  readonly harmless: number;
  readonly crashes: number;
  readonly bypasses: number;
  /** The first few that should not be, each with the number that replays it. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/**
 * Runs inputs that differ by their number only, so that any one of them can be made again.
 * @param name of the part, for the examples
 * @param attempt throws where the code under test failed in a way that it must not
 */
export async function tally(
  name: string,
  seed: number,
  count: number,
  attempt: (random: Random) => Promise<Fate> | Fate,
): Promise<TrustFigures> {
  const fates = { refused: 0, harmless: 0, bypass: 0 };
  let crashes = 0;
  const examples: string[] = [];
  const note = (what: string, at: number): void => {
    if (examples.length < EXAMPLES) examples.push(`${name}: ${what} at ${at} of seed ${seed}`);
  };
  for (let at = 0; at < count; at += 1) {
    try {
      const fate = await attempt(new Random(Math.imul(seed, 0x9e3779b1) + at * 2_654_435));
      fates[fate] += 1;
      if (fate === "bypass") note("bypass", at);
    } catch (error) {
      crashes += 1;
      note(`crash (${(error as Error).message})`, at);
    }
  }
  const { refused, harmless, bypass: bypasses } = fates;
  return { inputs: count, refused, harmless, crashes, bypasses, examples };
}

/** Figures of several parts as those of one. */
export const sum = (parts: readonly TrustFigures[]): TrustFigures => {
  const total = (of: (part: TrustFigures) => number) =>
    parts.reduce((all, part) => all + of(part), 0);
  return {
    inputs: total(({ inputs }) => inputs),
    refused: total(({ refused }) => refused),
    harmless: total(({ harmless }) => harmless),
    crashes: total(({ crashes }) => crashes),
    bypasses: total(({ bypasses }) => bypasses),
    examples: parts.flatMap(({ examples }) => examples),
  };
};
