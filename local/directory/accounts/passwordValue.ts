import { unwilling } from "../diagnostics.ts";

const QUOTE = 0x22;

/**
 * The password in a value of `unicodePwd`: UTF-16LE between ASCII quotes (MS-ADTS 3.1.1.3.1.5.1).
 *
 * @returns UTF-16LE, without the quotes
 * @throws LdapFailure 53 `0000001F` for anything else
 */
export function passwordIn(value: Buffer): Buffer {
  const last = value.length - 2;
  const quoted =
    value.length >= 4 &&
    value.length % 2 === 0 &&
    value.readUInt16LE(0) === QUOTE &&
    value.readUInt16LE(last) === QUOTE;
  if (!quoted) throw unwilling("0000001F");
  return value.subarray(2, last);
}
