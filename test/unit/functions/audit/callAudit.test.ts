import { ACTIVITIES } from "../../../../functions/audit/activity.ts";
import { Audit } from "../../../../functions/audit/audit.ts";
import type { AuditRecord } from "../../../../functions/audit/auditRecord.ts";
import { CallAudit } from "../../../../functions/audit/callAudit.ts";
import { trailOf } from "../../../../functions/audit/trailOf.ts";
import type { LogFields } from "../../../../functions/log.ts";
import type { AuditRecords } from "../../../../functions/records/auditRecords.ts";
import { AT, operationWith } from "../writeback/call.ts";

const CALLER = { kind: "user", id: "u", application: "a", scopes: [], roles: [] } as const;
const ids = { requestId: "r-1", clientRequestId: "c-1", chosenByClient: false };

/** A call, what it logged, and what the table was given. */
function callWith(add: (record: AuditRecord) => Promise<void> = async () => {}) {
  const rows: AuditRecord[] = [];
  const logged: [string, LogFields][] = [];
  const write = (event: string, fields: LogFields) => void logged.push([event, fields]);
  const records = {
    add: (record: AuditRecord) => {
      rows.push(record);
      return add(record);
    },
  } as AuditRecords;
  const audit = new Audit(records, () => AT);
  const options = { ids, arrivedAt: AT, address: undefined, log: { info: write, error: write } };
  const call = (activity: CallAuditActivity = ACTIVITIES.change) =>
    new CallAudit({ ...options, activity, audit: () => audit });
  return { rows, logged, call, events: () => logged.map(([event]) => event) };
}
type CallAuditActivity = ConstructorParameters<typeof CallAudit>[0]["activity"];

test("a call leaves one record, as soon as its operation has ended", async () => {
  const { rows, call, events } = callWith();
  const audited = call();
  audited.identified(CALLER);
  audited.trail.note({ targetId: "t" });
  expect(rows).toEqual([]);
  audited.trail.conclude(trailOf(operationWith({ status: "succeeded" })));
  expect(rows).toHaveLength(1);
  await audited.end("internalError");
  expect(rows).toMatchObject([{ result: "success", targetId: "t" }]);
  expect(events()).toEqual(["audit"]);
});

test("nobody known, or a route that is not recorded: nothing", async () => {
  const { rows, call, logged } = callWith();
  await call().end("unauthenticated");
  const unrecorded = new CallAudit({
    ...{ activity: undefined, ids, arrivedAt: AT, address: undefined },
    log: { info: () => {}, error: () => {} },
    audit: () => {
      throw new Error("not asked for");
    },
  });
  unrecorded.identified(CALLER);
  await unrecorded.end(undefined);
  expect([rows, logged]).toEqual([[], []]);
});

test("a table that fails raises an alert that quotes nothing", async () => {
  const { call, logged } = callWith(async () => {
    throw new Error("with a secret", { cause: new RangeError("and another") });
  });
  const audited = call();
  audited.identified(CALLER);
  await audited.end(undefined);
  expect(logged[1]).toEqual([
    "auditNotWritten",
    { requestId: "r-1", operationId: undefined, cause: "RangeError" },
  ]);
  expect(JSON.stringify(logged)).not.toMatch(/secret|another/);
});

test("a table that hangs costs a caller two seconds, and raises the alert", async () => {
  jest.useFakeTimers();
  try {
    const { call, events } = callWith(() => new Promise(() => {}));
    const audited = call();
    audited.identified(CALLER);
    const ended = audited.end(undefined);
    await jest.advanceTimersByTimeAsync(2_000);
    await ended;
    expect(events()).toEqual(["audit", "auditNotWritten"]);
  } finally {
    jest.useRealTimers();
  }
});

test("whatever goes wrong with a record, the call goes on", async () => {
  const { logged } = callWith();
  const log = {
    info: () => {},
    error: (event: string, fields: LogFields) => void logged.push([event, fields]),
  };
  const broken = new CallAudit({
    ...{ activity: ACTIVITIES.change, ids, arrivedAt: AT, address: undefined, log },
    audit: () => {
      throw new TypeError("with a secret");
    },
  });
  broken.identified(CALLER);
  await broken.end(undefined);
  expect(logged).toEqual([["auditNotWritten", { requestId: "r-1", cause: "TypeError" }]]);
});

test("refusals past the limit are in the log only", async () => {
  const { rows, call, events } = callWith();
  for (let time = 0; time < 12; time += 1) {
    const audited = call();
    audited.identified(CALLER);
    await audited.end("userNotFound");
  }
  expect([rows.length, events().length]).toEqual([10, 12]);
});
