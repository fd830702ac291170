import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "@password-writeback/protocol/errors.ts";
import { MAX_AGENTS_PER_CONNECTOR } from "@password-writeback/protocol/limits.ts";
import { routes } from "../../functions/routes.ts";

const page = readFileSync("docs/operations.md", "utf8");
const QUERIES = [...page.matchAll(/```kusto\n(.*?)```/gs)].map(([, query = ""]) => query);

const sources = readdirSync("functions", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join("functions", name), "utf8"));
const code = sources.join("\n");

/** Values that a query compares a member of the log record with. */
const comparedWith = (member: string): string[] =>
  QUERIES.flatMap((query) =>
    [
      ...query.matchAll(
        new RegExp(`tostring\\(record\\.${member}\\) (?:== ("[^"]+")|in \\(([^)]+)\\))`, "g"),
      ),
    ].flatMap(([, one, several]) => [...(one ?? several ?? "").matchAll(/"([^"]+)"/g)]),
  ).map(([, value = ""]) => value);

/** Events of the functions, by the level that they have. */
const eventsAt = (level: "info" | "error"): string[] =>
  [...code.matchAll(new RegExp(`\\.${level}\\(\\s*"(\\w+)"`, "g"))].map(([, name = ""]) => name);
/** Events whose names or levels are chosen at run time: they stand in the code as they are here. */
const CHOSEN = {
  callRefused: '"callRefused"',
  agentKeyExpires: '"agentKeyExpires"',
  agentKeyExpired: '"agentKeyExpired"',
  auditNotCompleted: '"auditNotCompleted"',
  auditNotPurged: '"auditNotPurged"',
} as const;

/** However the lines are broken. */
const flat = (text: string): string => text.replace(/\s+/g, " ").trim();
const prose = flat(page);
const SPANS: Readonly<Record<string, string>> = { P1D: "a day", PT1H: "an hour" };

test("there is a query for many a cause", () => {
  expect(QUERIES.length).toBeGreaterThan(12);
});

test("every event that is asked for is one that the functions log", () => {
  for (const literal of Object.values(CHOSEN)) expect(code).toContain(literal);
  const known = [...eventsAt("info"), ...eventsAt("error"), ...Object.keys(CHOSEN)];
  const asked = comparedWith("event");
  expect(asked.length).toBeGreaterThan(12);
  expect(asked.filter((name) => !known.includes(name))).toEqual([]);
});

test("everything that is logged as an error is asked for", () => {
  const errors = new Set([...eventsAt("error"), ...Object.keys(CHOSEN)]);
  expect(errors.size).toBeGreaterThan(12);
  expect([...errors].filter((name) => !comparedWith("event").includes(name))).toEqual([]);
});

test("codes and routes that are asked for exist", () => {
  expect(comparedWith("code").filter((name) => !Object.hasOwn(ERRORS, name))).toEqual([]);
  const names = routes.map(({ name }) => name);
  const asked = [
    ...comparedWith("route"),
    ...[...page.matchAll(/where Name == "(\w+)"/g)].map(([, name = ""]) => name),
  ];
  expect(asked).not.toEqual([]);
  expect(asked.filter((name) => !names.includes(name))).toEqual([]);
});

test("members that are asked for are those of a log record", () => {
  const fields = readFileSync("functions/log.ts", "utf8");
  const members = [...page.matchAll(/\brecord\.(\w+)/g)].map(([, member = ""]) => member);
  const known = (member: string) =>
    member === "event" || new RegExp(`readonly ${member}\\??:`).test(fields);
  expect(members.filter((member) => !known(member))).toEqual([]);
});

test("the reckoning of a Monday morning is right", () => {
  const units = Number(/(\d+) units by Microsoft's table/.exec(page)?.[1]);
  const credits = Number(/\| (\d+) credits: send/.exec(page)?.[1]);
  const limit = (of: number, name: string) =>
    page.includes(`${of.toLocaleString("en-US")} ${name}`);
  expect(limit(8_000, "units in 10 seconds") && limit(1_000, "credits a second")).toBe(true);
  expect(page).toContain(`800 ÷ ${units} = **${Math.floor(800 / units)} a second**`);
  expect(page).toContain(`with groups ${Math.floor(800 / (units + 4))} `);
  expect(page).toContain(`1,000 ÷ ${credits} = **${1_000 / credits} a second**`);
  const rows = [...page.matchAll(/^\| ([\d,]+000) \|(.*)\|$/gm)];
  expect(rows.map(([, people]) => people)).toEqual(["1,000", "10,000", "100,000", "1,000,000"]);
  for (const [, people = "", rest = ""] of rows) {
    const resets = Number(people.replaceAll(",", "")) / 20;
    const halfHour = resets / 2 / 1_800;
    const busiest = halfHour * 3;
    const exact = [resets, halfHour, busiest, busiest * units, busiest * credits];
    const told = rest.split("|").map((cell) => cell.trim().replaceAll(",", ""));
    const right = exact.map((value, at) =>
      value.toFixed(/\.(\d+)/.exec(told[at] ?? "")?.[1]?.length ?? 0),
    );
    expect([people, told]).toEqual([people, [...right, String(Math.ceil(busiest))]]);
  }
});

test("what is worked out from a limit is right, and the limit is the one of the table", () => {
  const number = (text = "") => Number(text.replaceAll(",", ""));
  const divisions = [...prose.matchAll(/([\d,]+) ÷ (\d+) = \**([\d,]+)/g)];
  expect(divisions.map(([, limit]) => number(limit))).toEqual([800, 1_000, 20_000, 2_000]);
  for (const [text, limit, by, result] of divisions)
    expect([text, number(result)]).toEqual([text, Math.floor(number(limit) / number(by))]);
  expect(prose).toContain("2,000 entities of 1 KiB a second in a partition; 20,000 requests");
  const [, vault = ""] = /\| ([\d,]+) operations in 10 seconds with P-256 keys/.exec(prose) ?? [];
  const [, instances = "", used = "", of = ""] =
    /([\d,]+) instances that start in the same ten seconds: ([\d,]+) of ([\d,]+)/.exec(prose) ?? [];
  expect([number(of), number(used)]).toEqual([number(vault), 2 * number(instances)]);
  expect(prose).toContain(`at most ${instances} instances; 512,000 MB`);
  expect(prose).toContain(`${512_000 / 2_048} instances of 2,048 MB`);
});

const { defaults } = JSON.parse(readFileSync("infra/settings.json", "utf8")) as {
  defaults: Readonly<Record<string, string>>;
};

test("defaults that the reckoning names are those of the settings", () => {
  for (const [name, text] of [
    ["BRAKE_RESETS_PER_MINUTE", "%d by default"],
    ["RATE_ADDRESS_PER_MINUTE", "%d a minute, instance and address"],
  ] as const) {
    const value = defaults[name];
    expect([name, prose.includes(`${name}\`.** ${text.replace("%d", String(value))}`)]).toEqual([
      name,
      true,
    ]);
  }
  expect(prose).toContain(`at most ${MAX_AGENTS_PER_CONNECTOR} agents of a connector`);
});

/** Columns that are asked for, by table, as Microsoft's reference of tables has them. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  AppTraces: ["TimeGenerated", "Message", "SeverityLevel", "OperationId"],
  AppRequests: ["TimeGenerated", "ResultCode", "OperationId"],
  AZKVAuditLogs: ["TimeGenerated", "HttpStatusCode", "OperationName", "RequestUri"],
};

test("tables that are asked for exist, and have the columns that are asked for", () => {
  const unused = new Set(Object.entries(COLUMNS).flatMap(([table, names]) => [table, ...names]));
  for (const query of QUERIES) {
    // Tables and columns are all that begins with a capital letter outside of quotes.
    const named = query.replace(/"[^"]*"/g, "").match(/\b[A-Z]\w+/g) ?? [];
    const tables = named.filter((name) => Object.hasOwn(COLUMNS, name));
    expect([query, tables.length]).not.toEqual([query, 0]);
    const known = [...tables, ...tables.flatMap((table) => COLUMNS[table] ?? [])];
    expect([query, named.filter((name) => !known.includes(name))]).toEqual([query, []]);
    for (const name of named) unused.delete(name);
  }
  expect([...unused]).toEqual([]);
});

test("each table is one that the templates have something written to", () => {
  const templates = readdirSync("infra/app").map((name) =>
    readFileSync(`infra/app/${name}`, "utf8"),
  );
  const component = templates.find((text) => text.includes("Microsoft.Insights/components@")) ?? "";
  expect(component).toContain("WorkspaceResourceId: workspace.id");
  const vault = templates.find((text) => text.includes("Microsoft.KeyVault/vaults@")) ?? "";
  // Without it the vault writes to AzureDiagnostics, under other names.
  expect(vault).toContain("logAnalyticsDestinationType: 'Dedicated'");
  expect(vault).toMatch(/categoryGroup: 'audit'|categoryGroup: 'allLogs'|category: 'AuditEvent'/);
});

interface Alert {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly severity: number;
  readonly window: string;
  readonly threshold: number;
}
const ALERTS = JSON.parse(readFileSync("infra/alerts.json", "utf8")) as {
  queries: (Alert & { query: string[] })[];
  metrics: (Alert & { metric: string })[];
  changes: { name: string; meaning: string };
};
const span = (window: string): string => SPANS[window] ?? `${window.replace(/\D/g, "")} minutes`;
const above = (threshold: number): string =>
  threshold === 0 ? "any row" : `more than ${threshold}`;

test.each(ALERTS.queries)("the alert $name is told as the templates make it", (alert) => {
  const { name, title, severity, threshold, window, meaning, query } = alert;
  const head = `**${title}** (\`${name}\`; severity ${severity}; ${above(threshold)} in ${span(window)}).`;
  expect(prose.includes(`${head} ${meaning}`)).toBe(true);
  const text = query.join("\n").replaceAll("ROOT_KEY_NAME", "root");
  expect(QUERIES.map(flat)).toContain(flat(text));
});

test("what to do first is told of every alert, and of those that wake somebody before the others", () => {
  const [, section = ""] = /## When an alert comes\n(.*?)\n## /s.exec(page) ?? [];
  const [atOnce = "", inTheMorning = ""] = section.split("\nSeverity 2, ");
  const namesIn = (text: string) =>
    [...text.matchAll(/^\| [^|`]+, `(\w+)` \| \S/gm)].map(([, name = ""]) => name).sort();
  const all = [...ALERTS.queries, ...ALERTS.metrics];
  const named = (wanted: number) =>
    all.filter(({ severity }) => severity === wanted).map(({ name }) => name);
  expect(namesIn(atOnce)).toEqual(named(1).sort());
  expect(namesIn(inTheMorning)).toEqual([...named(2), ALERTS.changes.name].sort());
});

test("alerts on metrics and on the activity log are told as the templates make them", () => {
  for (const { name, severity, metric, threshold, window, meaning } of ALERTS.metrics) {
    const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
    expect(row).toContain(`| ${severity} | \`${metric}\`, `);
    expect(row).toContain(`| more than ${threshold} in ${span(window)} | ${meaning} |`);
  }
  const { name, meaning } = ALERTS.changes;
  expect(prose.includes(`\`${name}\`: ${meaning}`)).toBe(true);
});
