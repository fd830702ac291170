import { setPassword } from "../../../../agent/directory/changes.ts";
import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import type { Write } from "../../../../agent/directory/write.ts";
import type { Job } from "../../../../agent/operations/job.ts";
import { resend } from "../../../../agent/operations/resend.ts";
import type { AccountRequest } from "../../../../protocol/request.ts";
import { alsoIn, DOMAIN_SID } from "../directory/guard/entries.ts";
import {
  APPLIED,
  BEFORE,
  entry,
  FakeDirectory,
  LOST,
  refused,
  SERVER,
  SETTINGS,
  STALE,
} from "./fakeDirectory.ts";

const REQUEST = {
  operation: "reset",
  target: { sourceAnchor: `${"A".repeat(22)}==`, userPrincipalName: "alex@corp.example" },
} as AccountRequest;
const RESET: Write = {
  operation: "reset",
  account: BEFORE,
  changes: [setPassword("Second-Meadow-28")],
  compare: { read: 100n, next: "-1" },
  evidence: { policyEnforced: true },
};
const PROBE = ["delete pwdLastSet 99", "add pwdLastSet -1"];
const AGAIN = ["replace unicodePwd …", "delete pwdLastSet 100", "add pwdLastSet -1"];
const GONE = new DirectoryError("directoryUnreachable");
/** The canary before and after the probe, and the account unchanged. */
const CALM = [entry()];

const send = (directory: FakeDirectory, write: Write = RESET, job: Partial<Job> = {}, tries = 1) =>
  resend(
    { pool: directory.pool(tries), settings: SETTINGS, remaining: () => 1_000, ...job },
    REQUEST,
    SERVER,
    write,
    async () => ({ detail: { wasLocked: true } }),
  );

test("an account without any effect of the first: once more, noted, with the same condition", async () => {
  const directory = new FakeDirectory(CALM, [STALE, APPLIED]);
  const noted: Write[] = [];
  const verdict = await send(directory, RESET, {
    note: async (_, write) => {
      noted.push(write);
    },
  });
  expect(verdict).toEqual({
    status: "succeeded",
    detail: { wasLocked: true },
    directory: {
      ...{ server: SERVER, policyEnforced: true, resent: true },
      ...{ keyVersionBefore: 5, keyVersionAfter: 6 },
    },
  });
  expect(directory.written).toEqual([PROBE, AGAIN]);
  expect(noted).toMatchObject([{ operation: "reset", evidence: { resent: true } }]);
});

test.each<[string, ConstructorParameters<typeof FakeDirectory>]>([
  ["the condition is ignored there", [CALM, [APPLIED]]],
  ["the probe's answer is lost", [CALM, [LOST]]],
  ["the probe is refused for another reason", [CALM, [refused(50, "00002098")]]],
  ["the canary must change", [[entry({ pwdLastSet: "0" })], [STALE]]],
  ["the canary is missing", [[undefined], [STALE]]],
  ["the canary hides its key version", [[entry({ "msDS-KeyVersionNumber": [] })], [STALE]]],
  ["the canary has changed meanwhile", [[entry(), entry({ pwdLastSet: "101" })], [STALE]]],
  ["the directory is gone", [[GONE], [STALE]]],
])("not sent: %s", async (_, given) => {
  const directory = new FakeDirectory(...given);
  expect(await send(directory)).toBeUndefined();
  expect(directory.written).not.toContainEqual(AGAIN);
});

test.each<[string, object | undefined]>([
  ["its key version has moved", { "msDS-KeyVersionNumber": "6" }],
  ["its stamp has moved", { pwdLastSet: "200" }],
  ["it hides its key version", { "msDS-KeyVersionNumber": [] }],
  ["it hides its stamp", { pwdLastSet: [] }],
  ["it is another account", { objectGUID: Buffer.alloc(16, 1) }],
  ["it is not shown any more", undefined],
  ["it is an administrator's by now", alsoIn(`${DOMAIN_SID}-512`)],
  ["it was moved out of scope", { distinguishedName: "CN=alex,DC=contoso,DC=example" }],
])("not sent: %s", async (_, wishes) => {
  const found = [entry(), entry(), wishes && entry(wishes)];
  const directory = new FakeDirectory(found, [STALE, APPLIED]);
  expect(await send(directory)).toBeUndefined();
  expect(directory.written).toEqual([PROBE]);
});

test.each<[string, Write]>([
  ["it has no condition", { ...RESET, compare: undefined }],
  ["a wrong password would count twice", { ...RESET, operation: "change" }],
  ["from 0 to 0 nothing tells", { ...RESET, compare: { read: 0n, next: "0" } }],
  ["from 0 a new password may be stored as 0", { ...RESET, compare: { read: 0n, next: "-1" } }],
])("nothing is even read: %s", async (_, write) => {
  const directory = new FakeDirectory(CALM, [STALE, APPLIED]);
  expect(await send(directory, write)).toBeUndefined();
  expect(directory).toMatchObject({ searches: 0, written: [] });
});

test("the time is up: nothing is read or sent", async () => {
  const directory = new FakeDirectory(CALM, [STALE, APPLIED]);
  expect(await send(directory, RESET, { remaining: () => 0 })).toBeUndefined();
  expect(directory).toMatchObject({ searches: 0, written: [] });
});

test("the time runs out while it is looked at: not sent", async () => {
  const directory = new FakeDirectory(CALM, [STALE, APPLIED]);
  const left = [1_000, 1_000, 0];
  const remaining = () => left.shift() ?? 0;
  expect(await send(directory, RESET, { remaining })).toBeUndefined();
  expect(directory.written).toEqual([PROBE]);
});

test("what cannot be noted is not sent", async () => {
  const directory = new FakeDirectory(CALM, [STALE, APPLIED]);
  const note = () => Promise.reject(new Error("disk full"));
  expect(await send(directory, RESET, { note })).toBeUndefined();
  expect(directory.written).toEqual([PROBE]);
});

test.each([STALE, refused(53, "0000052D"), refused(50, "00000005"), refused(32, "0000208D"), LOST])(
  "%j to the second send is no verdict",
  async (answer) => {
    const directory = new FakeDirectory(CALM, [STALE, answer]);
    expect(await send(directory)).toBeUndefined();
    expect(directory.written.filter(([first]) => first === AGAIN[0])).toHaveLength(1);
  },
);

test("a pool that looks twice does not make it send twice", async () => {
  const directory = new FakeDirectory(CALM, [STALE, LOST]);
  expect(await send(directory, RESET, {}, 2)).toBeUndefined();
  expect(directory.written).toEqual([PROBE, AGAIN]);
});

test("the probe is remembered for a day, and only where it told something", async () => {
  const directory = new FakeDirectory(CALM, [STALE, APPLIED]);
  const pool = directory.pool();
  await send(directory, RESET, { pool });
  await send(directory, RESET, { pool });
  expect(directory.written).toEqual([PROBE, AGAIN, AGAIN]);

  const silent = new FakeDirectory(CALM, [refused(50, "00002098"), STALE, APPLIED]);
  const again = silent.pool();
  expect(await send(silent, RESET, { pool: again })).toBeUndefined();
  expect(await send(silent, RESET, { pool: again })).toMatchObject({ status: "succeeded" });
});
