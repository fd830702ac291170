import { fuzzBodies, fuzzHeaders, fuzzHeartbeats } from "./fuzzCalls.ts";
import { fuzzAnswers, fuzzClaims, fuzzMessages, fuzzReplies } from "./fuzzMessages.ts";
import { fuzzTokens } from "./fuzzTokens.ts";
import { sum, type TrustFigures } from "./tally.ts";

type Part = (seed: number, count: number) => Promise<TrustFigures>;

/** Every part and its share of all inputs, in hundredths: the cheap ones get the most. */
const SHARES: readonly (readonly [name: string, part: Part, share: number])[] = [
  ["bodies", fuzzBodies, 30],
  ["headers", fuzzHeaders, 20],
  ["tokens", fuzzTokens, 20],
  ["bus messages", fuzzMessages, 9],
  ["claims", fuzzClaims, 3],
  ["replies", fuzzReplies, 5],
  ["heartbeats", fuzzHeartbeats, 8],
  ["heartbeat answers", fuzzAnswers, 5],
];

/**
 * Hostile inputs on every line of trust.
 * @param count of all parts together
 * @param tell is given the figures of each part as it ends
 */
export async function fuzzTrust(
  seed: number,
  count: number,
  tell: (name: string, figures: TrustFigures) => void = () => {},
): Promise<TrustFigures> {
  const parts: TrustFigures[] = [];
  for (const [name, part, share] of SHARES) {
    const figures = await part(seed, Math.ceil((count * share) / 100));
    tell(name, figures);
    parts.push(figures);
  }
  return sum(parts);
}
