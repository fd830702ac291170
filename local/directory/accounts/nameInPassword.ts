import type { Entry } from "../store/entry.ts";

const MIN_LETTERS = 3;
const DELIMITERS = /[,.\-_ #\t]+/;

const contains = (password: string, part: string): boolean =>
  part.length >= MIN_LETTERS && password.includes(part);

/**
 * Whether a password holds the account name, or a part of the display name between delimiters.
 * Letter case doesn't matter; names and parts under three characters don't count ("Password must
 * meet complexity requirements", security policy reference of Windows).
 */
export function holdsName(password: string, user: Entry): boolean {
  const lower = password.toLowerCase();
  const account = user.text("samaccountname")?.toLowerCase() ?? "";
  const parts = (user.text("displayname") ?? "").toLowerCase().split(DELIMITERS);
  return contains(lower, account) || parts.some((part) => contains(lower, part));
}
