import type { CharacterClass } from "@password-writeback/protocol/violation.ts";
import type { Account } from "./account.ts";

/** Every character of ASCII: only there it is certain how a directory sorts them. */
export const ASCII = /^[\0-\x7f]*$/;

/**
 * The classes that the complexity rule counts, as far as ASCII goes: "Password must meet complexity
 * requirements", security policy reference of Windows. The space is no symbol.
 */
const CLASSES: readonly (readonly [CharacterClass, RegExp])[] = [
  ["uppercase", /[A-Z]/],
  ["lowercase", /[a-z]/],
  ["digit", /[0-9]/],
  ["symbol", /[~!@#$%^&*_\-+=`|\\(){}[\]:;"'<>,.?/]/],
];

/** The classes of ASCII that no character of the password belongs to. */
export const missingClasses = (password: string): CharacterClass[] =>
  CLASSES.filter(([, pattern]) => !pattern.test(password)).map(([name]) => name);

const MIN_LETTERS = 3;
const DELIMITERS = /[,.\-_ #\t]+/;

/**
 * Whether the password holds the account's name, or a part of the display name between delimiters,
 * in whatever letter case; what is shorter than three characters does not count (as above).
 */
export function nameIn(
  password: string,
  { accountName = "", displayName = "" }: Pick<Account, "accountName" | "displayName">,
): boolean {
  const lower = password.toLowerCase();
  return [accountName, ...displayName.split(DELIMITERS)].some(
    (part) => part.length >= MIN_LETTERS && lower.includes(part.toLowerCase()),
  );
}
