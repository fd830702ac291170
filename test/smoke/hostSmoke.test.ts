import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hostSmoke } from "./hostSmoke.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "smoke-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function tried(...host: [string, ...string[]]): Promise<[boolean, string]> {
  const printed: string[] = [];
  const print = (line: string) => printed.push(line);
  return [await hostSmoke({ folder, host, logs: folder, print }), printed.join("\n")];
}

test("a host that serves everything passes, and nothing is left of it", async () => {
  const [isRight, printed] = await tried(process.execPath, resolve("test/smoke/standInHost.ts"));
  expect(printed).not.toContain("FAILED");
  expect(printed).toContain("ok      the directory knows the new password");
  expect(isRight).toBe(true);
  expect(existsSync(join(folder, "local.settings.json"))).toBe(false);
}, 240_000);

test("a host that ends is noticed at once", async () => {
  const [isRight, printed] = await tried(process.execPath, "--eval", "process.exit(7)");
  expect(isRight).toBe(false);
  expect(printed).toContain("FAILED  GET /health answers: no answer; it has ended with 7");
}, 240_000);
