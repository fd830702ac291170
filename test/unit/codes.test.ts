import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "../../protocol/errors.ts";

const TESTS = join(process.cwd(), "test");
/** Tests that go through the whole table, and so produce nothing. */
const TABLES = /(^|[/\\])(codes|errors)\.test\.ts$/;

test("every error code is produced by a test that names it", () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((name) => name.endsWith(".ts") && !TABLES.test(name))
    .map((name) => readFileSync(join(TESTS, name), "utf8"))
    .join("\n");
  const named = new Set([...sources.matchAll(/"([A-Za-z]+)"/g)].map(([, word]) => word));
  expect(Object.keys(ERRORS).filter((code) => !named.has(code))).toEqual([]);
});
