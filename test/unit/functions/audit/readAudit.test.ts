import { auditQuery } from "../../../../functions/audit/auditQuery.ts";
import type { AuditRecord } from "../../../../functions/audit/auditRecord.ts";
import { readAudit } from "../../../../functions/audit/readAudit.ts";
import { readSkipToken, skipToken } from "../../../../functions/audit/skipToken.ts";
import type { AuditPage } from "../../../../functions/records/auditRecords.ts";

const found = (many: number) => Array.from({ length: many }, () => ({}) as AuditRecord);
const query = (given: Record<string, string> = {}) =>
  auditQuery(new URLSearchParams(given), 0, 1_000);

/** A table that answers with so many records per call, and always has more. */
function table(each: number, most: number[] = []) {
  const page = async (_: unknown, wanted: number, start = "0"): Promise<AuditPage> => {
    most.push(wanted);
    return {
      records: found(Math.min(each, wanted)),
      unreadable: 1,
      next: String(Number(start) + 1),
    };
  };
  return { page };
}

test("what matches nothing is looked for so long and no longer, and goes on from there", async () => {
  const { records, next } = await readAudit(query(), table(0), () => 0);
  expect([records, next]).toEqual([[], "10"]);
});

test("a slow table ends a read early", async () => {
  let now = 0;
  const page = async () => {
    now += 3_000;
    return { records: [], unreadable: 0, next: String(now) };
  };
  expect(await readAudit(query(), { page }, () => now)).toEqual({
    ...{ records: [], unreadable: 0, next: "9000" },
  });
});

test("no more than was asked for, over several calls", async () => {
  const most: number[] = [];
  const { records, unreadable } = await readAudit(query({ $top: "7" }), table(3, most), () => 0);
  expect(records).toHaveLength(7);
  expect(unreadable).toBe(3);
  expect(most).toEqual([7, 4, 1]);
});

test("where nothing is said, a hundred at a time of all there is", () => {
  expect(query()).toEqual({ filter: { from: 0, to: 1_000 }, top: 100, start: undefined });
});

describe("a place in a list", () => {
  const filter = { from: 1, to: 2, actor: "a" };
  const place = (keys: object) => Buffer.from(JSON.stringify(keys)).toString("base64");
  const next = place({ nextPartitionKey: "1!16!Nzk0MzAtMjAyNi0x", nextRowKey: "1!8!MQ--" });

  test("comes back as it was, for the same question only", () => {
    const token = skipToken(next, filter);
    expect(readSkipToken(token, filter)).toBe(next);
    expect(readSkipToken(token, { ...filter, actor: "b" })).toBeUndefined();
    expect(readSkipToken(token, { ...filter, from: 0 })).toBeUndefined();
  });

  test.each<[string, string]>([
    ["nothing", ""],
    ["no JSON", Buffer.from("{").toString("base64url")],
    ["no place", skipToken(place({}), filter)],
    ["a place with a quote", skipToken(place({ nextPartitionKey: "' or 1 eq 1" }), filter)],
    ["a place with a line break", skipToken(place({ nextPartitionKey: "a\r\nb" }), filter)],
    ["more than a place", skipToken(place({ nextPartitionKey: "a", more: 1 }), filter)],
    ["a place that is too long", skipToken(place({ nextPartitionKey: "a".repeat(401) }), filter)],
  ])("%s is none", (_, token) => {
    expect(readSkipToken(token, filter)).toBeUndefined();
  });
});
