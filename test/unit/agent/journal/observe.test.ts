import type { Intent } from "../../../../agent/journal/entry.ts";
import { type Observation, observe, type Seen } from "../../../../agent/journal/observe.ts";

const NOW = 1_800_000_000_000;
const WRITE_MS = 15_000;
const fileTime = (milliseconds: number): bigint =>
  (BigInt(milliseconds) + 11_644_473_600_000n) * 10_000n;
const BEFORE = fileTime(NOW - 86_400_000);

const intent = (wishes: Partial<Intent> = {}): Intent => ({
  operation: "reset",
  server: "dc1",
  account: "<GUID=…>",
  mustChange: false,
  keyVersion: "7",
  pwdLastSet: BEFORE.toString(),
  locked: true,
  at: NOW,
  ...wishes,
});
const seen = (wishes: Partial<Seen> = {}): Seen => ({
  keyVersion: 8n,
  pwdLastSet: fileTime(NOW + 50),
  locked: false,
  ...wishes,
});
const look = (wishes: Partial<Intent>, found: Partial<Seen>, now = NOW + 100): Observation =>
  observe(intent(wishes), seen(found), now, WRITE_MS);

test.each<[string, Partial<Intent>, object | undefined]>([
  ["reset", {}, { wasLocked: true }],
  ["change", { operation: "change" }, undefined],
  ["first password", { pwdLastSet: "0" }, { wasLocked: true }],
])("a %s that moved the key version one step and the stamp: applied", (_, wishes, detail) => {
  expect(look(wishes, {})).toEqual({
    kind: "applied",
    verdict: {
      status: "succeeded",
      directory: { server: "dc1", keyVersionBefore: 7, keyVersionAfter: 8 },
      ...(detail && { detail }),
    },
  });
});

test.each<[string, Partial<Seen>, boolean]>([
  ["0", { pwdLastSet: 0n }, true],
  ["a time", {}, false],
])("must change was asked for and the stamp is %s: told", (_, found, mustChangeApplied) => {
  const observation = look({ mustChange: true, pwdLastSet: "0" }, found);
  expect(observation).toMatchObject({ verdict: { detail: { mustChangeApplied } } });
});

test.each<[string, Partial<Intent>, Partial<Seen>, Observation["kind"]]>([
  ["nothing has moved", {}, { keyVersion: 7n, pwdLastSet: BEFORE }, "nothing"],
  ["only the stamp has moved", {}, { keyVersion: 7n }, "nothing"],
  ["two steps", {}, { keyVersion: 9n }, "overtaken"],
  ["a step back", {}, { keyVersion: 6n }, "overtaken"],
  ["the stamp has not moved", {}, { pwdLastSet: BEFORE }, "overtaken"],
  ["0 before and 0 now, not asked for", { pwdLastSet: "0" }, { pwdLastSet: 0n }, "overtaken"],
  ["set an hour later", {}, { pwdLastSet: fileTime(NOW + 3_600_000) }, "overtaken"],
  ["set an hour before", {}, { pwdLastSet: fileTime(NOW - 3_600_000) }, "overtaken"],
  ["the key version was not readable", { keyVersion: undefined }, {}, "nothing"],
  ["the key version is not readable", {}, { keyVersion: undefined }, "nothing"],
  ["the stamp is not readable", {}, { pwdLastSet: undefined }, "nothing"],
  ["still locked", { operation: "unlock" }, { locked: true }, "nothing"],
  ["lock not readable", { operation: "unlock" }, { locked: undefined }, "nothing"],
  ["not locked", { operation: "unlock" }, {}, "applied"],
  ["must change", { operation: "requireChange" }, { pwdLastSet: 0n }, "applied"],
  ["no must change", { operation: "requireChange" }, {}, "nothing"],
])("%s", (_, wishes, found, kind) => {
  expect(look(wishes, found).kind).toBe(kind);
});

test("a must change seen an hour later may be anybody's", () => {
  const wishes = { mustChange: true };
  expect(look(wishes, { pwdLastSet: 0n }, NOW + 3_600_000).kind).toBe("overtaken");
});

test("a reset that is stored as expired though nobody asked: applied, and the right is named", () => {
  expect(look({}, { pwdLastSet: 0n })).toEqual({
    kind: "applied",
    verdict: {
      status: "succeeded",
      detail: { wasLocked: true, mustChangeUnasked: true },
      directory: {
        ...{ server: "dc1", missingRight: "Unexpire-Password" },
        ...{ keyVersionBefore: 7, keyVersionAfter: 8 },
      },
    },
  });
});

test("what was noted of the account and of the second send is told", () => {
  expect(look({ told: { accountDisabled: true }, resent: true }, {})).toMatchObject({
    verdict: {
      detail: { wasLocked: true, accountDisabled: true },
      directory: { server: "dc1", resent: true },
    },
  });
});

const AT_THE_DIRECTORY = fileTime(NOW + 3_600_000);
const SENT = { first: AT_THE_DIRECTORY.toString(), last: AT_THE_DIRECTORY.toString() };
const SECOND = 10_000_000n;

test.each<[string, bigint, Observation["kind"]]>([
  ["as it was sent", AT_THE_DIRECTORY, "applied"],
  ["as late as a write can be", AT_THE_DIRECTORY + 15n * SECOND, "applied"],
  ["before it was sent", AT_THE_DIRECTORY - 3n * SECOND, "overtaken"],
  ["later than a write can be", AT_THE_DIRECTORY + 18n * SECOND, "overtaken"],
])("set %s, by the directory's own clock", (_, pwdLastSet, kind) => {
  expect(look({ sent: SENT }, { pwdLastSet })).toMatchObject({ kind });
});

test("a second send leaves the first its time", () => {
  const sent = { first: (AT_THE_DIRECTORY - 20n * SECOND).toString(), last: SENT.last };
  const pwdLastSet = AT_THE_DIRECTORY - 20n * SECOND;
  expect(look({ sent }, { pwdLastSet })).toMatchObject({ kind: "applied" });
});
