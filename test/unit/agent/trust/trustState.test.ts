import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../../../agent/clock.ts";
import { GrowingNumber } from "../../../../agent/trust/growingNumber.ts";
import type { Keys } from "../../../../agent/trust/keyRing.ts";
import { TrustState } from "../../../../agent/trust/trustState.ts";
import { verifyTrustList } from "../../../../protocol/trustList.ts";
import {
  type EnrolledKey,
  enrolledKey,
  heldKeys,
  TrustRoot,
} from "../../../integration/agent/trustRoot.ts";

let folder: string;
let root: TrustRoot;
let key: EnrolledKey;
const time = { wall: Date.now(), steady: 0 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
  [root, key] = await Promise.all([TrustRoot.create(), enrolledKey()]);
});
afterAll(() => rm(folder, { recursive: true }));

async function state(file: string = randomUUID(), keys: Keys = heldKeys(key)) {
  const clock = new Clock({ wall: () => time.wall, steady: () => time.steady });
  const highest = await GrowingNumber.open(join(folder, file));
  const own = { agent: "agent-1", connector: "corp", keys };
  return new TrustState(root.rootKey, own, clock, highest);
}

test("unknown before the first list, trusted once it names this agent with this key", async () => {
  const trust = await state();
  expect(trust.standing()).toBe("unknown");
  expect(trust.list).toBeUndefined();
  expect(await trust.accept(root.list(3, [root.entry("agent-1", key)]))).toBe(true);
  expect(trust.standing()).toBe("trusted");
  expect(await trust.accept(root.list(3, [root.entry("agent-1", key)]))).toBe(false);
});

test("of two lists of one serial the first one counts: the other was never in force", async () => {
  const trust = await state();
  await trust.accept(root.list(3, []));
  expect(await trust.accept(root.list(3, [root.entry("agent-1", key)]))).toBe(false);
  expect(trust.standing()).toBe("notListed");
  await trust.accept(root.list(4, [root.entry("agent-1", key)]));
  expect(trust.standing()).toBe("trusted");
});

test.each([
  ["no agent", () => []],
  ["another agent", () => [root.entry("agent-2", key)]],
  ["another connector", () => [root.entry("agent-1", key, { connector: "other" })]],
  ["another key", () => [root.entry("agent-1", key, { kid: "B".repeat(43) })]],
])("a list with %s does not let this one execute", async (_, agents) => {
  const trust = await state();
  await trust.accept(root.list(1, agents()));
  expect(trust.standing()).toBe("notListed");
});

test("an entry that has expired does not let it execute either", async () => {
  const trust = await state();
  await trust.accept(root.list(1, [root.entry("agent-1", key, { expires: 1 })]));
  expect(trust.standing()).toBe("keyExpired");
});

test("the list may name any key that the agent holds, also one that was made meanwhile", async () => {
  const [older, newer] = await Promise.all([enrolledKey(), enrolledKey()]);
  const held = [older];
  const keys: Keys = {
    get all() {
      return held;
    },
    has: (kid) => held.some((each) => each.kid === kid),
    reload: async () => void held.splice(0, 1, older, newer),
  };
  const trust = await state(undefined, keys);
  await trust.accept(root.list(1, [root.entry("agent-1", older)]));
  expect([trust.standing(), trust.own.keys.all]).toEqual(["trusted", [older]]);
  await trust.accept(root.list(2, [root.entry("agent-1", newer)]));
  expect([trust.standing(), trust.own.keys.all]).toEqual(["trusted", [older, newer]]);
});

test("refused by the cloud it executes nothing, until the cloud answers again", async () => {
  const trust = await state();
  const list = root.list(1, [root.entry("agent-1", key)]);
  await trust.accept(list);
  trust.refuse();
  expect(trust.standing()).toBe("refused");
  await trust.accept(list);
  expect(trust.standing()).toBe("trusted");
});

test("a list by hand counts, and is no sign of life of the cloud", async () => {
  const trust = await state();
  const { wall } = time;
  expect(await trust.adopt(root.list(2, [root.entry("agent-1", key)]))).toBe(false);
  expect([trust.standing(), trust.serial]).toEqual(["unknown", 2]);
  await trust.accept(root.list(2, [root.entry("agent-1", key)]));
  time.wall += 3_000_000;
  expect(await trust.adopt(root.list(3, []))).toBe(true);
  expect(trust.standing()).toBe("notListed");
  expect(await trust.adopt(root.list(4, [root.entry("agent-1", key)]))).toBe(true);
  expect(trust.standing()).toBe("trusted");
  time.wall += 601_000;
  expect(trust.standing()).toBe("stale");
  time.wall = wall;
});

test.each([
  [31, undefined],
  [30, 30],
  [-1, -1],
])("%d days before its key expires it says so: %s", async (days, told) => {
  const trust = await state();
  const expires = Date.now() / 1_000 + days * 86_400 - 60;
  await trust.accept(root.list(1, [root.entry("agent-1", key, { expires })]));
  const left = trust.expiresSoon();
  expect(left === undefined ? left : Math.round(left / 86_400)).toBe(told);
});

test("without a fresh answer for more than an hour it is stale; a fresh one heals it", async () => {
  const trust = await state();
  const list = root.list(1, [root.entry("agent-1", key)]);
  await trust.accept(list);
  const { wall } = time;
  time.wall += 3_600_000;
  expect(trust.standing()).toBe("trusted");
  time.wall += 1_000;
  expect(trust.standing()).toBe("stale");
  await trust.accept(list);
  expect(trust.standing()).toBe("trusted");
  time.wall = wall;
});

test("after a restart an older list is refused, by the serial on disk", async () => {
  const before = await state("kept");
  await before.accept(root.list(7, []));
  const after = await state("kept");
  const older = await root.sign(root.list(6, []));
  await expect(verifyTrustList(older, after.rootKey, after.serial)).rejects.toMatchObject({
    code: "trustListOutdated",
  });
  const same = await root.sign(root.list(7, []));
  expect((await verifyTrustList(same, after.rootKey, after.serial)).serial).toBe(7);
});
