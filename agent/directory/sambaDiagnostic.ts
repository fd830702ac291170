/**
 * What Samba's prose says of a refusal, as one of a few facts: the text itself goes no further.
 * Windows says nothing of the kind.
 */
export type Told =
  | { readonly rule: "tooShort"; readonly minimum: number }
  | { readonly rule: "notComplex" | "inHistory" | "sameAsCurrent" | "tooSoon" }
  | { readonly lacks: "Unexpire-Password" };

const TOO_SHORT = /: the password is too short\. .{0,60}longer than (\d{1,4}) characters/;
const MOST = 1_024;

const TEXTS: readonly (readonly [text: string, told: Told])[] = [
  [": the password does not meet the complexity criteria", { rule: "notComplex" }],
  [": the password was already used (in history)", { rule: "inHistory" }],
  [": the password was already used (previous password)", { rule: "sameAsCurrent" }],
  [": password is too young to change", { rule: "tooSoon" }],
  [
    ": Setting pwdLastSet to -1 requires the Unexpire-Password right",
    { lacks: "Unexpire-Password" },
  ],
];

/** Characters of a message that are looked at: longer than any of the texts. */
const LOOKED_AT = 1_000;

/** Undefined where the message says none of it, in the words of Samba 4.17 to 4.25. */
export function sambaDiagnostic(message: string): Told | undefined {
  const start = message.slice(0, LOOKED_AT);
  const minimum = Number(TOO_SHORT.exec(start)?.[1]);
  if (minimum >= 1 && minimum <= MOST) return { rule: "tooShort", minimum };
  return TEXTS.find(([text]) => start.includes(text))?.[1];
}
