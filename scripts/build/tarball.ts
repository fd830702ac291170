import { gzipSync } from "fflate";
import type { Files } from "./bundle.ts";

const BLOCK = 512;
/** Bytes of a name in the header; a longer one would need a second field. */
const MAX_NAME = 100;

/**
 * The tarball that `npm install` takes, as `npm pack` lays it out. What npm writes depends on its
 * version; this depends on nothing but the files' names and contents: no owner, no time, and a
 * mode of its own.
 *
 * @throws RangeError if a name is too long
 */
export function tarball(files: Files): Uint8Array {
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const entries = sorted.flatMap(([name, content]) => [
    header(`package/${name}`, content.length),
    content,
    Buffer.alloc(-content.length & (BLOCK - 1)),
  ]);
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]), { level: 9, mtime: 0 });
}

/** Of a regular file, in the format `ustar` (POSIX.1-1988): numbers are octal digits. */
function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > MAX_NAME) throw new RangeError(`${name} is too long for a tarball`);
  const block = Buffer.alloc(BLOCK);
  const write = (at: number, text: string): number => block.write(text, at);
  const digits = (value: number, length: number): string => value.toString(8).padStart(length, "0");
  write(0, name);
  write(100, `${digits(0o644, 7)}\0${digits(0, 7)}\0${digits(0, 7)}\0`);
  write(124, `${digits(size, 11)}\0${digits(0, 11)}\0`);
  // Its own sum is reckoned as if spaces stood in its place.
  write(148, " ".repeat(8));
  write(156, "0");
  write(257, "ustar\x0000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  write(148, `${digits(sum, 6)}\0 `);
  return block;
}
