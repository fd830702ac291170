import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HELPERS, ROLE_MATRIX } from "../../../../functions/access/roleMatrix.ts";
import { ERRORS } from "../../../../protocol/errors.ts";

const page = readFileSync(join(process.cwd(), "docs/administrators.md"), "utf8");

const NAMES: Readonly<Record<string, string>> = {
  noRole: "no role",
  roleAssignableGroup: "a role-assignable group",
  scopedRole: "a role over a part of the tenant",
  anyOtherRole: "any other role",
};
/** `helpdeskAdministrator` as a person writes it. */
const nameOf = (name: string): string =>
  NAMES[name] ??
  name.replace(/[A-Z]/g, (letter) => ` ${letter}`).replace(/^./, (letter) => letter.toUpperCase());

const row = (cells: readonly string[]): string =>
  `|${cells.map((cell) => (cell === "" ? " " : ` ${cell} `)).join("|")}|`;

test("the page has the matrix of the code, cell by cell", () => {
  const table = [
    row(["The person holds", ...HELPERS.map(nameOf)]),
    `|${"---|".repeat(HELPERS.length + 1)}`,
    ...ROLE_MATRIX.map(({ target, helpers }) =>
      row([nameOf(target), ...HELPERS.map((helper) => (helpers.includes(helper) ? "yes" : ""))]),
    ),
  ];
  const start = page.indexOf("| The person holds |");
  expect(page.slice(start, page.indexOf("\n\n", start)).split("\n")).toEqual(table);
});

test("the page names every code that these rules refuse with", () => {
  const codes = Object.entries(ERRORS)
    .filter(([, { event }]) => event >= 40_130 && event <= 40_139)
    .map(([code]) => code);
  expect(codes.length).toBeGreaterThan(0);
  for (const code of codes) expect(page).toContain(`\`${code}\``);
});
