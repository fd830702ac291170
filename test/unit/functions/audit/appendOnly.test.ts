import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { auditKeys, auditMoment, auditPartition } from "../../../../functions/records/auditKeys.ts";

const sources = readdirSync("functions", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, text: readFileSync(join("functions", name), "utf8") }));
const namesOf = (pattern: RegExp): string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
/** What changes or deletes a row. */
const ALTERS = /\.(updateEntity|upsertEntity|deleteEntity|submitTransaction|deleteTable)\(/g;
const altersIn = (file: string): string[] =>
  [...(sources.find(({ name }) => name === file)?.text ?? "").matchAll(ALTERS)].map(
    ([, method = ""]) => method,
  );

test("the audit table is reached from two files only", () => {
  expect(namesOf(/\btables\.audit\b/)).toEqual(["parts.ts"]);
  const parts = sources.find(({ name }) => name === "parts.ts")?.text ?? "";
  const uses = [...parts.matchAll(/(\w+)\(tables\.audit\b/g)].map(([, user]) => user);
  expect(uses.sort()).toEqual(["AuditRecords", "purgeAudit"]);
});

test("one adds and reads, the other deletes what is over age; nothing changes a row", () => {
  expect(altersIn("records/auditRecords.ts")).toEqual([]);
  expect(altersIn("records/auditPurge.ts")).toEqual(["submitTransaction"]);
  const purge = sources.find(({ name }) => name === "records/auditPurge.ts")?.text ?? "";
  expect(purge).toContain('["delete", row]');
  expect(purge).not.toMatch(/"(update|upsert|create)"/);
});

test("keys put the newest first, over midnights and years, and say the day", () => {
  const times = [
    "2026-12-31T23:59:59.999Z",
    "2027-01-01T00:00:00.000Z",
    "2031-05-06T07:08:09.000Z",
  ];
  const keys = times.map((time) => auditKeys({ id: "a", at: Date.parse(time) }));
  const sorted = (values: string[]) => [...values].sort();
  const partitions = keys.map(({ partitionKey }) => partitionKey);
  const rows = keys.map(({ rowKey }) => rowKey);
  expect(sorted(partitions)).toEqual([...partitions].reverse());
  expect(sorted(rows)).toEqual([...rows].reverse());
  expect(partitions.map((key) => key.slice(6))).toEqual(["2026-12-31", "2027-01-01", "2031-05-06"]);
  expect(auditPartition(0)).toBe("99999-1970-01-01");
  expect(auditMoment(0)).toBe("9999999999999");
});
