import { zipSync } from "fflate";
import type { Files } from "./bundle.ts";

/** The earliest time that a zip can state, in whatever time zone: it has none of its own. */
const TIME = new Date(1980, 0, 1);
const UNIX = 3;
/** A file that everybody may read and its owner write. */
const MODE = 0o100644;

/** A zip of the files that depends on nothing but their names and contents. */
export function zip(files: Files): Uint8Array {
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), {
    level: 9,
    mtime: TIME,
    os: UNIX,
    attrs: (MODE << 16) >>> 0,
  });
}
