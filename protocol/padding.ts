import { PADDING_BYTES } from "./limits.ts";

const SPACE = 0x20;

/** Text as bytes, filled with spaces to a multiple of 1 KiB, so that lengths tell nothing. */
export function pad(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil(bytes.length / PADDING_BYTES) * PADDING_BYTES).fill(
    SPACE,
  );
  padded.set(bytes);
  return padded;
}

/** @throws TypeError where the bytes are no UTF-8 */
export const unpad = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true }).decode(bytes).trimEnd();
