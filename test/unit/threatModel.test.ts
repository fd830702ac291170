import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const page = readFileSync(join(process.cwd(), "docs/threat-model.md"), "utf8");
/** `test/…test.ts`: "title", over a line's end too. */
const NAMED = /`(test\/[^`]+\.test\.ts)`:\s+"([^"]+)"/g;
const named = [...page.matchAll(NAMED)].map(([, file = "", title = ""]) => ({ file, title }));

test("every test that a promise names exists, under its title", () => {
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(({ file, title }) => {
    const path = join(process.cwd(), file);
    const source = existsSync(path) ? readFileSync(path, "utf8") : "";
    return !['"', "`"].some((quote) => source.includes(quote + title + quote));
  });
  expect(missing).toEqual([]);
});

test("every promise names a test", () => {
  const promises = page
    .slice(page.indexOf("### 1."), page.indexOf("## Memory"))
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (\| Threat|Promise) \|/.test(line));
  expect(promises.length).toBeGreaterThan(50);
  expect(promises.filter((row) => !/`test\/[^`]+\.test\.ts`: "[^"]+" \|$/.test(row))).toEqual([]);
});

test("the page says what is not defended", () => {
  const list = page.slice(page.indexOf("## What is not defended"));
  expect(list.match(/^- \*\*/gm)?.length).toBeGreaterThan(8);
});

test("SECURITY.md points to the page", () => {
  const security = readFileSync(join(process.cwd(), "SECURITY.md"), "utf8");
  expect(security).toContain("docs/threat-model.md");
});
