/**
 * A lock token is a UUID. As a delivery tag it has the byte order of a .NET Guid (the first three
 * fields little-endian), in `$management` the order of its text.
 */

const bytesOf = (token: string): Buffer => Buffer.from(token.replaceAll("-", ""), "hex");

export function deliveryTag(token: string): Buffer {
  const bytes = bytesOf(token);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

export const uuidBytes = bytesOf;

export const uuidText = (bytes: Buffer): string =>
  bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
