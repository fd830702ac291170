import { explain } from "../../agent/directory/explain.ts";
import type { Refusal } from "../../agent/directory/refusal.ts";
import { verdictOnRefusal } from "../../agent/directory/verdict.ts";

const WARM_UP = 20_000;
const CALLS = 300_000;
const REFUSALS: readonly Refusal[] = [
  { resultCode: 53, win32: "0000052D" },
  { resultCode: 19, win32: "00000056" },
  { resultCode: 50, win32: "00002098" },
  { resultCode: 16, win32: "00002085" },
  { resultCode: 52 },
];
const ATTEMPT: Parameters<typeof explain>[0] = {
  newPassword: "Passing-Cloud-1",
  policyEnforced: true,
  policy: {
    minimumLength: 8,
    complexity: true,
    historyLength: 5,
    minimumAge: 864_000_000_000n,
    lockoutThreshold: 5,
    lockoutWindow: 18_000_000_000n,
  },
  account: {
    pwdLastSet: 134_100_000_000_000_000n,
    accountName: "alex",
    displayName: "Alex Moreau",
    passwordNotRequired: false,
  },
  checksNames: true,
  now: 134_200_000_000_000_000n,
};

/** Calls per second of the functions that turn a refusal into a verdict. */
export interface Rates {
  readonly verdict: number;
  readonly explain: number;
}

function perSecond(call: (at: number) => unknown): number {
  let kept: unknown;
  for (let at = 0; at < WARM_UP; at += 1) kept = call(at);
  const begun = performance.now();
  for (let at = 0; at < CALLS; at += 1) kept = call(at);
  const seconds = (performance.now() - begun) / 1_000;
  if (kept === undefined) throw new Error("nothing was measured");
  return Math.round(CALLS / seconds);
}

export const measureRates = (): Rates => ({
  verdict: perSecond((at) =>
    verdictOnRefusal({
      operation: at % 2 === 0 ? "reset" : "change",
      refusal: REFUSALS[at % REFUSALS.length] ?? { resultCode: 80 },
      attempt: ATTEMPT,
    }),
  ),
  explain: perSecond(() => explain(ATTEMPT)),
});
