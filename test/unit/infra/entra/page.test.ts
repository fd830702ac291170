import { readFileSync } from "node:fs";
import { AZURE_CLI } from "../../../../infra/entra/azureCli.ts";
import { USAGE } from "../../../../infra/entra/commandLine.ts";
import { GRAPH_PERMISSIONS } from "../../../../infra/entra/graphPermissions.ts";
import { ACCESS_TOKEN_CLAIMS, APP_ROLES, SCOPES } from "../../../../infra/entra/registration.ts";
import { RIGHTS, ROLE_ASSIGNABLE_GROUP } from "../../../../infra/entra/rights.ts";
import { ROLE_GROUPS } from "../../../../infra/entra/roleGroups.ts";

const page = readFileSync("docs/entra.md", "utf8");
const codesIn = (line: string): string[] =>
  [...line.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

test("the page has the scopes and app roles, with their ids", () => {
  const rows = page
    .split("\n")
    .filter((line) => /^\| `[\w.]+` \| [^|]+ \| `[\da-f-]{36}` \|$/.test(line));
  const asRow = (value: string, who: string, id: string) => `| \`${value}\` | ${who} | \`${id}\` |`;
  expect(rows).toEqual([
    ...SCOPES.map(({ value, type, id }) =>
      asRow(value, type === "User" ? "people" : "administrators", id),
    ),
    ...APP_ROLES.map(({ value, allowedMemberTypes, id }) =>
      asRow(value, allowedMemberTypes.join(", "), id),
    ),
  ]);
});

test("the page has the functions' permissions and the optional claims, and no other", () => {
  const listed = page.split("\n").filter((line) => /^- `[\w.]+`$/.test(line));
  expect(listed.flatMap(codesIn)).toEqual(GRAPH_PERMISSIONS);
  const claims = page.split("\n").find((line) => line.startsWith("Optional claims of the access"));
  expect(codesIn(claims ?? "")).toEqual(ACCESS_TOKEN_CLAIMS);
});

test("the page has what each kind of call takes", () => {
  const [, table = ""] = /^### What it takes\n(.*?)^## /ms.exec(page) ?? [];
  const rows = table.split("\n").filter((line) => / \| `[\w.]+` \|$/.test(line));
  expect(rows).toEqual(
    [...RIGHTS, ROLE_ASSIGNABLE_GROUP].map(
      ({ of, by, role, permission }) =>
        `| ${of} | ${by.map((command) => `\`${command}\``).join(", ")} | ${role} | \`${permission}\` |`,
    ),
  );
});

test("the page has the groups of the profile, with their app roles", () => {
  const rows = page.split("\n").filter((line) => /^\| `\w+` \| `\w+` \| `password-/.test(line));
  expect(rows.map((row) => codesIn(row))).toEqual(
    Object.entries(ROLE_GROUPS).map(([name, { role, new: made }]) => [
      name,
      role,
      `password-writeback-${made.suffix}`,
    ]),
  );
  expect(page).toContain(`\`${AZURE_CLI}\``);
});

test("the page tells the commands of the command line", () => {
  const commands = [...USAGE.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
  expect(commands).toEqual(["api", "functions", "agent", "client"]);
  for (const command of commands) expect(page).toMatch(new RegExp(`^\\| \`${command}[ \`]`, "m"));
});
