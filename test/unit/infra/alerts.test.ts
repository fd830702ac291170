import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { routes } from "../../../functions/routes.ts";
import { ERRORS, isErrorCode } from "../../../protocol/errors.ts";

interface Alert {
  readonly name: string;
  readonly meaning: string;
  readonly severity: number;
  readonly window: string;
  readonly frequency: string;
  readonly threshold: number;
  readonly query: readonly string[];
  /** Columns of the query whose values are told apart. */
  readonly splitBy: readonly string[];
}
interface MetricAlert extends Alert {
  readonly aggregation: string;
  readonly perQueue: boolean;
}
const alerts: {
  readonly queries: readonly Alert[];
  readonly metrics: readonly MetricAlert[];
  readonly changes: Alert & { readonly operations: readonly string[] };
} = JSON.parse(readFileSync("infra/alerts.json", "utf8"));
const queries = alerts.queries.map(({ query }) => query.join("\n"));

const source = readdirSync("functions", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(join("functions", name), "utf8"))
  .join("\n");

/** Names inside `(...)` behind an expression of a query. */
const listed = (query: string, behind: RegExp): string[] =>
  [...query.matchAll(behind)].flatMap(([, list = ""]) =>
    [...list.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name),
  );
const EVENTS = /record\.event\) (?:in|==) (\([^)]*\)|"[^"]*")/g;
const watched = new Set(queries.flatMap((query) => listed(query, EVENTS)));

test("every event that an alert waits for is one that the functions log", () => {
  expect(watched.size).toBeGreaterThan(15);
  expect([...watched].filter((event) => !source.includes(`"${event}"`))).toEqual([]);
});

test("every error that the functions log has an alert", () => {
  const logged = [...source.matchAll(/log\.error\(\s*"(\w+)"/gi)].map(([, event = ""]) => event);
  expect(logged.length).toBeGreaterThan(12);
  expect(logged.filter((event) => !watched.has(event))).toEqual([]);
});

test("what the functions say outside of a call reaches the workspace, at whatever level", () => {
  // The host takes a line of the console for information unless it speaks of errors or warnings.
  const { logLevel } = JSON.parse(readFileSync("host.json", "utf8")).logging;
  expect(logLevel["Host.Function.Console"]).toBe("Information");
  expect(watched.has("brakeReached") && watched.has("startIncomplete")).toBe(true);
});

test("every code and every route in a query exists", () => {
  const codes = queries.flatMap((query) => listed(query, /record\.code\) in (\([^)]*\))/g));
  expect(codes.length).toBeGreaterThan(0);
  expect(codes.filter((code) => !isErrorCode(code))).toEqual([]);
  const named = queries.flatMap((query) => listed(query, /(?:record\.route\)|Name) == ("[^"]+")/g));
  expect(named.length).toBeGreaterThan(0);
  const known = routes.map(({ name }) => name);
  expect(named.filter((name) => !known.includes(name) && name !== "KeySign")).toEqual([]);
});

test("every alert has a name of its own, a meaning, and looks at least as far back as it waits", () => {
  const all = [...alerts.queries, ...alerts.metrics];
  expect(new Set([...all, alerts.changes].map(({ name }) => name)).size).toBe(all.length + 1);
  const minutes = (text: string) =>
    Number(/^PT(\d+)M$/.exec(text)?.[1] ?? (text === "P1D" ? 1_440 : 60));
  for (const { name, meaning, severity, window, frequency = "PT1M", threshold } of all) {
    expect([name, meaning]).toEqual([name, expect.stringMatching(/^[A-Z].{20,}\.$/)]);
    expect(window).toMatch(/^(PT(5M|15M|1H)|P1D)$/);
    expect(minutes(window)).toBeGreaterThanOrEqual(minutes(frequency));
    expect([1, 2]).toContain(severity);
    expect(threshold).toBeGreaterThanOrEqual(0);
  }
});

test("what an alert is split by is a column of its query", () => {
  const split = alerts.queries.filter(({ splitBy }) => splitBy.length > 0);
  expect(split.map(({ name }) => name)).toEqual([
    ...["heartbeatMissing", "agentMissing", "failuresOfOneTarget"],
  ]);
  for (const { name, splitBy, query } of split) {
    const summary = query.find((line) => line.startsWith("| summarize ")) ?? "";
    const columns = (summary.split(" by ")[1] ?? "").split(", ").map((each) => each.split(" ")[0]);
    expect([name, columns]).toEqual([name, splitBy]);
  }
});

test("silence is that of somebody who was heard: nothing is raised before the first enrolment", () => {
  const silent = alerts.queries.filter(({ query }) => query.join().includes('"agentHeard"'));
  expect(silent.map(({ name, window }) => [name, window])).toEqual([
    ["heartbeatMissing", "P1D"],
    ["agentMissing", "P1D"],
  ]);
  for (const { query } of silent) expect(query.join()).not.toContain("isnull");
});

test("a least value is looked for in each queue: that of all is the empty one's", () => {
  const least = alerts.metrics.filter(({ aggregation }) => aggregation === "Minimum");
  expect(least.map(({ name, perQueue }) => [name, perQueue])).toEqual([["messagesWait", true]]);
});

test("whoever is refused for want of a token or for a limit is counted, but for the step-up", () => {
  const query = alerts.queries.find(({ name }) => name === "callsDenied")?.query.join("\n") ?? "";
  const counted = new Set(listed(query, /record\.code\) in (\([^)]*\))/g));
  const refusals = Object.entries(ERRORS).filter(([, { status }]) => [401, 429].includes(status));
  const missing = refusals.filter(([code]) => !counted.has(code)).map(([code]) => code);
  expect(missing).toEqual(["stepUpRequired"]);
});

test("a change of rights, of what is logged or of the vault is told", () => {
  expect(alerts.changes.operations).toEqual([
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "Microsoft.Authorization/roleDefinitions/write",
    "Microsoft.Authorization/roleDefinitions/delete",
    "Microsoft.Insights/diagnosticSettings/write",
    "Microsoft.Insights/diagnosticSettings/delete",
    "Microsoft.KeyVault/vaults/write",
  ]);
});
