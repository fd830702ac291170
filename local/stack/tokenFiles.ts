import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Description } from "./description.ts";

/** Writes each token to a file of its own, so that commands can name it instead of quoting it. */
export async function writeTokenFiles({ logs, tokens }: Description): Promise<void> {
  await Promise.all(
    Object.entries(tokens).map(([name, token]) =>
      writeFile(join(logs, `${name}.token`), token, { mode: 0o600 }),
    ),
  );
}
