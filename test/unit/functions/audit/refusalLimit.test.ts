import type { AuditRecord } from "../../../../functions/audit/auditRecord.ts";
import { RefusalLimit } from "../../../../functions/audit/refusalLimit.ts";

const record = (changes: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ id: "1", at: 0, activity: "a", category: "c", type: "Update", requestId: "r" },
  ...{ result: "failure", reason: "userNotFound", actorKind: "user", actorId: "somebody" },
  ...changes,
});

test("ten a minute of each kind, then the next minute", () => {
  let now = 0;
  const limit = new RefusalLimit(() => now);
  const kept = (changes: Partial<AuditRecord> = {}) =>
    Array.from({ length: 15 }, () => limit.admits(record(changes))).filter(Boolean).length;
  expect(kept()).toBe(10);
  expect(kept({ actorId: "somebody else" })).toBe(10);
  expect(kept({ targetId: "another" })).toBe(10);
  expect(kept({ reason: "accessDenied", targetId: "one" })).toBe(10);
  expect(kept({ reason: "accessDenied", targetId: "two" })).toBe(0);
  expect(kept()).toBe(0);
  now = 60_000;
  expect(kept()).toBe(10);
});

test("what was carried out is always kept", () => {
  const limit = new RefusalLimit(() => 0);
  const done: readonly Partial<AuditRecord>[] = [
    { reason: undefined, result: "success" },
    { operationId: "o", reason: "accountLocked" },
    { operationId: "o", reason: "outcomeUnknown", result: "timeout" },
  ];
  for (const changes of done)
    for (let time = 0; time < 20; time += 1) expect(limit.admits(record(changes))).toBe(true);
});

test("repeats of an operation are bounded as well", () => {
  const limit = new RefusalLimit(() => 0);
  const repeat = record({ operationId: "o", replayed: true, reason: undefined });
  const kept = Array.from({ length: 15 }, () => limit.admits(repeat)).filter(Boolean);
  expect(kept).toHaveLength(10);
});

test("it forgets rather than grow", () => {
  const limit = new RefusalLimit(() => 0);
  for (let at = 0; at < 10_001; at += 1) limit.admits(record({ actorId: `nobody-${at}` }));
  expect(limit.admits(record())).toBe(true);
});
