/** What is asked of an account. */
export const ASKED = ["change", "reset", "reset, must change", "unlock", "require change"] as const;
export type Asked = (typeof ASKED)[number];

/** The states that an account can be in. */
export const STATES = [
  "normal",
  "locked",
  "must change",
  "expired password",
  "disabled",
  "expired account",
  "never expires",
  "smart card",
  "password not required",
  "recently changed",
  "protected",
  "nested protected",
  "out of scope",
] as const;
export type State = (typeof STATES)[number];

/**
 * `domain`: 8 characters, history 5. `strict`: settings of 16 characters. `no hints`: the domain's
 * rules on a controller that knows no policy hints, where the administrator allows that.
 */
export type Policy = "domain" | "strict" | "no hints";

/** The new password of the table: long enough for the domain's rules, too short for strict ones. */
export const NEW_PASSWORD = "Meadow-28-Elk";
export const STRICT_LENGTH = 16;

/**
 * How each ends under the domain's rules, by hand from the description of each operation:
 * `new`, `old`: done, and that password signs in afterwards; with `!` it must be changed then; with
 * `~` that was asked for and has no effect. `-`: the same as left of it. Anything else is the
 * refusal: a code, or a rule of the policy.
 */
const DOMAIN: Readonly<Record<State, string>> = {
  //                      change           reset    must change  unlock  require change
  normal: "               new              new      new!         old     old!",
  locked: "               accountLocked    new      new!         old     old!",
  "must change": "        new              new      new!         old!    old!",
  "expired password": "   new              new      new!         old     old!",
  disabled: "             accountDisabled  -        -            -       -",
  "expired account": "    accountExpired   -        -            -       -",
  "never expires": "      new              new      new~         old     old~",
  "smart card": "         accountSmartcardOnly -    -            -       -",
  "password not required": "new            new      new!         old     old!",
  "recently changed": "   tooSoon          tooSoon  tooSoon      old     old!",
  protected: "            accountProtected -        -            -       -",
  "nested protected": "   accountProtected -        -            -       -",
  "out of scope": "       accountOutOfScope -       -            -       -",
};

/** Of strict rules only what differs: whatever would set the short password is refused. */
const TOO_SHORT = "tooShort";

/** An outcome of the table. */
export type Expected =
  | { readonly refused: string; readonly rules?: readonly string[] }
  | { readonly password: "new" | "old"; readonly mustChange: "no" | "yes" | "without effect" };

const RULES: readonly string[] = ["tooSoon", TOO_SHORT];

function cellsOf(row: string): string[] {
  const cells = row.trim().split(/\s+/);
  return cells.map((cell, at) => (cell === "-" ? (cells[0] ?? "") : (cells[at] ?? "")));
}

function read(cell: string): Expected {
  if (RULES.includes(cell)) return { refused: "passwordPolicyViolation", rules: [cell] };
  const [, password, sign] = /^(new|old)([!~]?)$/.exec(cell) ?? [];
  if (password === undefined) return { refused: cell };
  const mustChange = sign === "!" ? "yes" : sign === "~" ? "without effect" : "no";
  return { password: password as "new" | "old", mustChange };
}

const setsPassword = (expected: Expected): boolean =>
  "password" in expected && expected.password === "new";

function underStrictRules(state: State, expected: Expected, kind: Kind): Expected {
  if (state === "password not required" && !kind.lengthCountsForAll) return expected;
  if (setsPassword(expected)) return { refused: "passwordPolicyViolation", rules: [TOO_SHORT] };
  if ("rules" in expected && expected.rules)
    return { ...expected, rules: [TOO_SHORT, ...expected.rules] };
  return expected;
}

/** Minimum age does not count for a reset without policy hints. */
function withoutHints(asked: Asked, expected: Expected): Expected {
  const isReset = asked === "reset" || asked === "reset, must change";
  if (!isReset || !("rules" in expected)) return expected;
  return read(asked === "reset" ? "new" : "new!");
}

/** In what directories differ here. */
export interface Kind {
  readonly policyHints: boolean;
  /** Not so in Windows: who needs no password may have a short one (MS-SAMR 3.1.1.7.1). */
  readonly lengthCountsForAll: boolean;
}

/** How it is to end, by this table alone. */
export function expectedOf(policy: Policy, state: State, asked: Asked, kind: Kind): Expected {
  const told = read(cellsOf(DOMAIN[state])[ASKED.indexOf(asked)] ?? "");
  const cell = kind.policyHints ? told : withoutHints(asked, told);
  return policy === "strict" ? underStrictRules(state, cell, kind) : cell;
}
