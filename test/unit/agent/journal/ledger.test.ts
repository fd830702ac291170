import { randomUUID } from "node:crypto";
import { Journal } from "../../../../agent/journal/journal.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";
import { clock, inboxOf, journalFolder, openJournal, SUCCESS } from "../inbox/inboxFixture.ts";

const UNKNOWN: Verdict = { status: "unknown", code: "outcomeUnknown" };
const never = async (): Promise<Verdict> => SUCCESS;
const HOUR_SECONDS = 3_600;

/** A journal whose requests, ended an hour ago, are on disk and no longer in memory. */
async function hourLater(verdict: Verdict) {
  const name = randomUUID();
  const hourAgo = { now: () => clock.now() - HOUR_SECONDS, wall: Date.now };
  const before = await Journal.open(journalFolder(name), hourAgo);
  const [id, expires] = [randomUUID(), clock.now() - HOUR_SECONDS];
  await before.conclude(id, expires, verdict);
  await before.conclude(randomUUID(), clock.now() + 10, SUCCESS);
  await before.close();
  return { name, id, expires, journal: await openJournal(name) };
}

describe("a request that the cloud has no outcome of, and that ended long ago", () => {
  test("is told, and still owed after a restart", async () => {
    const { name, id, journal } = await hourLater(SUCCESS);
    expect(journal.find(id)).toBeUndefined();
    const { ledger, posted } = await inboxOf(never, { journal });
    await ledger.resolve([id]);
    expect(posted).toMatchObject([{ outcomes: [{ request: id, status: "succeeded" }] }]);
    const next = await openJournal(name);
    expect([...next.owed]).toEqual([[id, SUCCESS]]);
  });

  test("keeps its own time: by a later one the next start would forget what the bus still has", async () => {
    const { name, id, expires, journal } = await hourLater(SUCCESS);
    const { ledger } = await inboxOf(never, { journal });
    await ledger.resolve([id]);
    const next = await openJournal(name);
    expect(next.find(id)).toMatchObject({ expires });
  });

  test("is noted as owed once, however often it is named", async () => {
    const { id, journal } = await hourLater(SUCCESS);
    const { ledger } = await inboxOf(never, { journal });
    let noted = 0;
    const owe = journal.owe.bind(journal);
    journal.owe = (...owed) => {
      noted += 1;
      return owe(...owed);
    };
    for (let named = 0; named < 3; named += 1) await ledger.resolve([id]);
    expect(noted).toBe(1);
  });

  test("is looked up once where it ended unknown", async () => {
    const { id, journal } = await hourLater(UNKNOWN);
    const { ledger, posted } = await inboxOf(never, { journal });
    let looks = 0;
    const concluded = journal.concluded.bind(journal);
    journal.concluded = (ids) => {
      looks += 1;
      return concluded(ids);
    };
    await ledger.resolve([id]);
    await ledger.resolve([id]);
    expect([looks, posted]).toEqual([1, []]);
  });
});
