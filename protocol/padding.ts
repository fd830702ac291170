const utf8 = new TextDecoder("utf-8", { fatal: true });

const SPACE = 0x20;

/** Text as bytes, filled with spaces to a multiple of `step`, so that lengths tell nothing. */
export function pad(text: string, step: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil(bytes.length / step) * step).fill(SPACE);
  padded.set(bytes);
  return padded;
}

/** @throws TypeError where the bytes are no UTF-8 */
export const unpad = (bytes: Uint8Array): string => utf8.decode(bytes).trimEnd();
