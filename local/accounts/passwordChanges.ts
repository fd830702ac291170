import type { Change } from "ldapts";
import { addValue, deleteValue, replaceValue } from "./changes.ts";

/** Value of `unicodePwd`: UTF-16LE with quotation marks around (MS-ADTS §3.1.1.3.1.5). */
export const unicodePwd = (password: string): Buffer => Buffer.from(`"${password}"`, "utf16le");

/** A reset by someone who holds the right to. */
export const resetPassword = (password: string): Change[] => [
  replaceValue("unicodePwd", unicodePwd(password)),
];

/** A change by someone who knows the current password. */
export const changePassword = (current: string, next: string): Change[] => [
  deleteValue("unicodePwd", unicodePwd(current)),
  addValue("unicodePwd", unicodePwd(next)),
];

/** Applies only where `pwdLastSet` still has the value that was read. */
export const compareAndSet = (read: bigint, next: 0 | -1): Change[] => [
  deleteValue("pwdLastSet", String(read)),
  addValue("pwdLastSet", String(next)),
];

export const unlock = (): Change[] => [replaceValue("lockoutTime", "0")];
