import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliDecompressSync } from "node:zlib";

const KEPT = "test/fixtures/bundles";

/** Unpacks a bundle that is kept. @returns path of the script */
export function unpack(name: "agent" | "functions", folder: string): string {
  const script = resolve(join(folder, `${name}.cjs`));
  writeFileSync(script, brotliDecompressSync(readFileSync(`${KEPT}/${name}.cjs.br`)));
  return script;
}
