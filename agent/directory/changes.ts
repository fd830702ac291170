import type { OperationName } from "@password-writeback/protocol/request.ts";
import { Attribute, Change } from "ldapts";
import { unicodePwd } from "./unicodePwd.ts";

/** Operations that are one modify, or more, of an account. */
export type WriteOperation = Exclude<OperationName, "probe">;

/** `pwdLastSet` takes only these: "now" and "must change at next sign-in" (MS-ADTS 3.1.1.5.3.2). */
export type PasswordAge = "-1" | "0";

const change = (operation: Change["operation"], type: string, value: Buffer | string): Change =>
  new Change({
    operation,
    modification: new Attribute({
      type,
      values: Buffer.isBuffer(value) ? [value] : [value],
    }),
  });

/** A reset of the password: no knowledge of the old one. */
export const setPassword = (password: string): Change =>
  change("replace", "unicodePwd", unicodePwd(password));

/** A change of the password: delete first, then add, in one modify (MS-ADTS 3.1.1.3.1.5.1). */
export const changePassword = (current: string, next: string): Change[] => [
  change("delete", "unicodePwd", unicodePwd(current)),
  change("add", "unicodePwd", unicodePwd(next)),
];

/**
 * The whole modify is refused with noSuchAttribute, 00002085, unless `pwdLastSet` still has the
 * value that was read: compare-and-set.
 */
export const compareAndSet = (read: bigint, next: PasswordAge): Change[] => [
  change("delete", "pwdLastSet", read.toString()),
  change("add", "pwdLastSet", next),
];

/** Ends a lockout; the server also clears the count of bad passwords (MS-SAMR 3.1.1.8.4). */
export const unlocked = (): Change => change("replace", "lockoutTime", "0");

/**
 * Overwrites the passwords of changes that will not be sent again. What the library and the socket
 * have copied meanwhile is out of reach.
 */
export function wipe(changes: readonly Change[]): void {
  for (const { modification } of changes)
    for (const value of modification.values) if (Buffer.isBuffer(value)) value.fill(0);
}
