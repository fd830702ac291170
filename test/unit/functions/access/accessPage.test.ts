import { readFileSync } from "node:fs";
import { type Admitted, GUARDS, type Guard } from "../../../../functions/access/guard.ts";
import { GRAPH_PERMISSIONS, ROLES, SCOPES } from "../../../../functions/access/permissions.ts";
import { routes } from "../../../../functions/routes.ts";

const page = readFileSync("docs/access.md", "utf8");

/** Rows of the table below a heading, cell by cell. */
const tableOf = (heading: string): string[][] => {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

const who = ({ caller, scope, role, certificate, secretIfConfigured }: Admitted): string => {
  const demands = [
    ...(scope === undefined ? [] : [`\`${scope}\``]),
    ...(role === undefined ? [] : [`the app role \`${role}\``]),
    ...(certificate ? ["a certificate"] : []),
  ].join(" and ");
  const article = caller === "user" ? "a user" : "an application";
  return `${article} with ${demands}${secretIfConfigured ? ", or a secret if configured" : ""}`;
};
const stepUp = ({ callers, stepUp: always }: Guard): string => {
  if (always) return "always";
  const asked = callers !== "anyone" && callers.some(({ caller }) => caller === "user");
  return asked ? "where `STEP_UP_ROUTES` says so" : "";
};

test("the page names every guard as it is", () => {
  expect(tableOf("The guards")).toEqual(
    Object.entries<Guard>(GUARDS).map(([name, guard]) => [
      `\`${name}\``,
      guard.callers === "anyone" ? "anyone" : guard.callers.map(who).join("; "),
      guard.on,
      stepUp(guard),
    ]),
  );
});

test("the page names every route with its guard", () => {
  const nameOf = (guard: Guard) =>
    Object.entries<Guard>(GUARDS).find(([, each]) => each === guard)?.[0];
  expect(tableOf("The routes")).toEqual(
    routes.map(({ method, route, name, guard }) => [
      `\`${method} /${route}\``,
      `\`${name}\``,
      `\`${nameOf(guard)}\``,
    ]),
  );
});

test("the page names every scope, every app role and every permission of Graph", () => {
  const names = tableOf("Scopes and app roles").map(([name]) => name);
  const all = [...Object.values(SCOPES), ...Object.values(ROLES)];
  expect(names.sort()).toEqual(all.map((name) => `\`${name}\``).sort());
  const graph = tableOf("Microsoft Graph's permissions").flat().join(" ");
  for (const name of Object.values(GRAPH_PERMISSIONS).flat())
    expect(graph).toContain(`\`${name}\``);
});
