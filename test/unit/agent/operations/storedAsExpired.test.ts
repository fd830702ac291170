import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import { isStoredAsExpired } from "../../../../agent/operations/storedAsExpired.ts";
import { APPLIED, BEFORE, entry, FakeDirectory } from "./fakeDirectory.ts";

const HOUR_MS = 3_600_000;
const after = (wishes: object = {}) =>
  entry({ pwdLastSet: "200", "msDS-KeyVersionNumber": "6", ...wishes });
const EXPIRED = after({ pwdLastSet: "0" });

test.each<[string, ReturnType<typeof entry> | Error | undefined, boolean]>([
  ["one step further and 0", EXPIRED, true],
  ["one step further and a time", after(), false],
  [
    "0 after a second step, which was somebody else's",
    after({ pwdLastSet: "0", "msDS-KeyVersionNumber": "7" }),
    false,
  ],
  ["0 without a step", entry({ pwdLastSet: "0" }), false],
  ["hidden", after({ pwdLastSet: [] }), false],
  ["not shown", undefined, false],
  ["out of reach", new DirectoryError("directoryUnreachable"), false],
])("%s: %s", async (_, found, expected) => {
  const directory = new FakeDirectory([found], [APPLIED]);
  const pool = directory.pool();
  expect(await isStoredAsExpired(pool, directory.connection, BEFORE)).toBe(expected);
});

test("a domain controller that kept the time is not asked again for an hour", async () => {
  const directory = new FakeDirectory([after()], [APPLIED]);
  const pool = directory.pool();
  const ask = (now: number) => isStoredAsExpired(pool, directory.connection, BEFORE, () => now);
  await ask(0);
  await ask(HOUR_MS - 1);
  expect(directory.searches).toBe(1);
  await ask(HOUR_MS);
  expect(directory.searches).toBe(2);
});

test("as long as the right is missing it is asked each time", async () => {
  const directory = new FakeDirectory([EXPIRED], [APPLIED]);
  const pool = directory.pool();
  const ask = () => isStoredAsExpired(pool, directory.connection, BEFORE, () => 0);
  expect([await ask(), await ask()]).toEqual([true, true]);
});
