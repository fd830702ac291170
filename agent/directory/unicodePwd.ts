/**
 * A password as a value of `unicodePwd`: in double quotes, UTF-16 little-endian, nothing escaped
 * and nothing trimmed (MS-ADTS 3.1.1.3.1.5.1). A Buffer all the way to the socket: as a string it
 * would be sent as UTF-8.
 */
export const unicodePwd = (password: string): Buffer => Buffer.from(`"${password}"`, "utf16le");
