const utf8 = new TextDecoder("utf-8", { fatal: true });

const SPACE = 0x20;

/** Text as bytes, filled with spaces to a multiple of `step`, so that lengths tell nothing. */
export function pad(text: string, step: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil(bytes.length / step) * step).fill(SPACE);
  padded.set(bytes);
  bytes.fill(0);
  return padded;
}

/**
 * The text of padded bytes, which are overwritten: they may hold a password.
 * @throws TypeError where the bytes are no UTF-8
 */
export function unpad(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes).trimEnd();
  } finally {
    bytes.fill(0);
  }
}
