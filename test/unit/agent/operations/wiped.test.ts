import type { Change } from "ldapts";
import { changePassword, setPassword } from "../../../../agent/directory/changes.ts";
import type { DirectoryConnection, WriteResult } from "../../../../agent/directory/connection.ts";
import type { Write } from "../../../../agent/directory/write.ts";
import { send } from "../../../../agent/operations/send.ts";
import type { AccountRequest } from "../../../../protocol/request.ts";
import { APPLIED, BEFORE, entry, FakeDirectory, LOST, refused, SETTINGS } from "./fakeDirectory.ts";

const REQUEST = { operation: "reset", target: {} } as AccountRequest;
const valuesOf = (changes: readonly Change[]): Buffer[] =>
  changes.flatMap(({ modification }) => modification.values.map((value) => Buffer.from(value)));
const isWiped = (value: Buffer): boolean => value.every((byte) => byte === 0);

/** Sends a write, and notes what stood in it when the directory got it. */
async function sent(changes: Change[], answer: WriteResult | Error) {
  const directory = new FakeDirectory([entry()], [APPLIED]);
  const received: Buffer[] = [];
  const connection = {
    ...directory.connection,
    modify: async (_: string, given: Change[]) => {
      received.push(...valuesOf(given));
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as DirectoryConnection;
  const write: Write = { operation: "change", account: BEFORE, changes };
  const job = { pool: directory.pool(), settings: SETTINGS, remaining: () => 1_000 };
  await send(job, REQUEST, connection, write).catch(() => {});
  return received;
}

test.each<[string, WriteResult | Error]>([
  ["was carried out", APPLIED],
  ["was refused", refused(19, "0000052D")],
  ["got no answer", LOST],
  ["failed in the library", new TypeError("socket")],
])("the passwords of a write that %s are overwritten", async (_, answer) => {
  const changes = changePassword("First-Harbour-17", "Second-Meadow-28");
  const received = await sent(changes, answer);
  expect(received.map((value) => value.toString("utf16le"))).toEqual([
    '"First-Harbour-17"',
    '"Second-Meadow-28"',
  ]);
  expect(valuesOf(changes).map(isWiped)).toEqual([true, true]);
});

test("a password that was never sent is overwritten too", async () => {
  const changes = [setPassword("Second-Meadow-28")];
  const directory = new FakeDirectory([entry()], [APPLIED]);
  const job = { pool: directory.pool(), settings: SETTINGS, remaining: () => -1 };
  const write: Write = { operation: "reset", account: BEFORE, changes };
  await expect(send(job, REQUEST, directory.connection, write)).rejects.toMatchObject({
    code: "requestExpired",
  });
  expect(directory.written).toEqual([]);
  expect(valuesOf(changes).map(isWiped)).toEqual([true]);
});
