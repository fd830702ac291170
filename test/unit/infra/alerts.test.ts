import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { routes } from "../../../functions/routes.ts";
import { isErrorCode } from "../../../protocol/errors.ts";

interface Alert {
  readonly name: string;
  readonly meaning: string;
  readonly severity: number;
  readonly window: string;
  readonly frequency: string;
  readonly threshold: number;
  readonly query: readonly string[];
}
const alerts: { queries: readonly Alert[]; metrics: readonly Alert[]; changes: Alert } = JSON.parse(
  readFileSync("infra/alerts.json", "utf8"),
);
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
  const minutes = (text: string) => Number(/^PT(\d+)M$/.exec(text)?.[1] ?? 60);
  for (const { name, meaning, severity, window, frequency = "PT1M", threshold } of all) {
    expect([name, meaning]).toEqual([name, expect.stringMatching(/^[A-Z].{20,}\.$/)]);
    expect(window).toMatch(/^PT(5M|15M|1H)$/);
    expect(minutes(window)).toBeGreaterThanOrEqual(minutes(frequency));
    expect([1, 2]).toContain(severity);
    expect(threshold).toBeGreaterThanOrEqual(0);
  }
});
