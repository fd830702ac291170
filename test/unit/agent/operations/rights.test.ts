import type { WriteResult } from "../../../../agent/directory/connection.ts";
import { readRights } from "../../../../agent/operations/rights.ts";
import { BEFORE, entry, FakeDirectory, refused, SETTINGS, STALE } from "./fakeDirectory.ts";

const PROBE = ["delete pwdLastSet 99", "add pwdLastSet -1"];
const DENIED = refused(50, "00000005");
const MINUTE = 60_000;

/** The rights as they are read at several moments. */
async function readAt(times: number[], answers: WriteResult[], found = entry()) {
  const directory = new FakeDirectory([found], answers);
  const pool = directory.pool();
  const told: (boolean | undefined)[] = [];
  for (const time of times) {
    const { connection } = directory;
    const { mayUnexpire } = await readRights(pool, connection, BEFORE, SETTINGS, () => time);
    told.push(mayUnexpire);
  }
  return { told, written: directory.written };
}

test("what the canary showed is believed for a minute", async () => {
  const times = [0, 1, MINUTE - 1, MINUTE, MINUTE + 1];
  const { told, written } = await readAt(times, [DENIED, STALE]);
  expect(told).toEqual([false, false, false, true, true]);
  expect(written).toEqual([PROBE, PROBE]);
});

test("that nobody can say is not remembered", async () => {
  const { told, written } = await readAt([0, 1], [refused(51), STALE]);
  expect(told).toEqual([undefined, true]);
  expect(written).toEqual([PROBE, PROBE]);
});

test("what one pool saw is not believed of another", async () => {
  const writable = entry({ allowedAttributesEffective: ["pwdLastSet"] });
  const [one, other] = [
    new FakeDirectory([writable], [DENIED]),
    new FakeDirectory([writable], [STALE]),
  ];
  const read = async (directory: FakeDirectory) =>
    readRights(directory.pool(), directory.connection, BEFORE, SETTINGS);
  expect(await read(one)).toEqual({ writable: new Set(["pwdlastset"]), mayUnexpire: false });
  expect(await read(other)).toEqual({ writable: new Set(["pwdlastset"]), mayUnexpire: true });
});
