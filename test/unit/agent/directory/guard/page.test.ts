import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CONFIGURABLE_RULES, FIXED_RULES } from "../../../../../agent/directory/guard/rules.ts";
import { guardSettings } from "../../../../../agent/directory/guard/settings.ts";

test("docs/directory.md has every rule, in order, with its standard and its code", () => {
  const page = readFileSync(join(process.cwd(), "docs/directory.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| (\w+) \| `(\w+)` \|$/gm)];
  const { rules } = guardSettings.parse({});
  const fixed = Object.entries(FIXED_RULES).map(([name, { code }]) => [name, "always", code]);
  const configurable = Object.entries(CONFIGURABLE_RULES).map(([name, { code }]) => [
    name,
    rules[name as keyof typeof rules],
    code,
  ]);
  expect(rows.map(([, ...cells]) => cells)).toEqual([...fixed, ...configurable]);
});

test("the settings of the page are settings", () => {
  const page = readFileSync(join(process.cwd(), "docs/directory.md"), "utf8");
  const example = /```json\n([^`]*)```/.exec(page)?.[1] ?? "";
  const { guard } = JSON.parse(`{${example}}`);
  expect(guardSettings.parse(guard)).toMatchObject(guard);
});

test.each([
  [{ scope: { in: [] } }, "must not be empty"],
  [{ scope: { in: ["Staff"] } }, "must be a distinguished name"],
  [{ scope: { out: ["OU=a+OU=b,DC=corp"] } }, "must be a distinguished name"],
  [{ scope: { groupsIn: [] } }, "must not be empty"],
  [{ scope: { groupsOut: ["Domain Admins"] } }, "must be a SID"],
  [{ protectedGroups: ["S-1-5-21-1-2-3-0512"] }, "must be a SID"],
  [{ rules: { administrators: "allow" } }, "administrators"],
  [{ rules: { disabled: true } }, '"refuse", "allow" or "warn"'],
  [{ ownersMayChange: "yes" }, "must be true or false"],
  [{ scop: {} }, "scop"],
])("%j is refused: %s", (given, complaint) => {
  const { error } = guardSettings.safeParse(given);
  expect(error?.message.replaceAll('\\"', '"')).toContain(complaint);
});
