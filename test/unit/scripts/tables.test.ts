import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OLD_TABLES, TABLES } from "../../../functions/records/tableDescriptions.ts";

const ALL = { ...TABLES, ...OLD_TABLES };
const NAMES: readonly string[] = Object.values(ALL).map(({ name }) => name);
const below = (folder: string, end: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .map((name) => readFileSync(join(folder, name), "utf8"));

test("each is found by its own name, which Azure allows", () => {
  expect(Object.keys(ALL)).toEqual(NAMES);
  for (const name of NAMES) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]{2,62}$/);
});

test("the pages name tables that there are", () => {
  const named = below("docs", ".md").flatMap((text) =>
    [...text.matchAll(/\btable `(\w+)`|--table-name (\w+)/g)].map(([, a, b]) => a ?? b ?? ""),
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !NAMES.includes(name))).toEqual([]);
});

test("the templates make none: the functions do", () => {
  expect(below("infra", ".bicep").filter((text) => /tableServices\/tables/.test(text))).toEqual([]);
});
