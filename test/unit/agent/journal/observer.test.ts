import type { Intent } from "../../../../agent/journal/entry.ts";
import type { Seen } from "../../../../agent/journal/observe.ts";
import { Observer } from "../../../../agent/journal/observer.ts";

const INTENT: Intent = {
  operation: "unlock",
  server: "dc1",
  account: "<GUID=…>",
  mustChange: false,
  locked: true,
  at: 1_000,
};
const LOCKED: Seen = { locked: true, keyVersion: 1n, pwdLastSet: 1n };
const UNLOCKED: Seen = { ...LOCKED, locked: false };
const UNKNOWN = { status: "unknown", code: "outcomeUnknown", directory: { server: "dc1" } };

/** @param at what a look at this time (milliseconds after the intent) shows */
function observer(at: (after: number) => Seen | undefined) {
  let now = INTENT.at;
  const looks: number[] = [];
  const watching = new Observer({
    read: async () => {
      looks.push(now - INTENT.at);
      return at(now - INTENT.at);
    },
    modifyMs: 10_000,
    wall: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  });
  return { watching, looks };
}

test("seen at once: told at once", async () => {
  const { watching, looks } = observer(() => UNLOCKED);
  expect(await watching.conclude(INTENT)).toMatchObject({ status: "succeeded" });
  expect(looks).toEqual([0]);
});

test("the caller is answered when the modify's limit and 5 s are over", () => {
  expect(observer(() => LOCKED).watching.settleMs).toBe(15_000);
});

test("a slow directory commits just before as long again is over: still seen", async () => {
  const { watching } = observer((after) => (after >= 30_999 ? UNLOCKED : LOCKED));
  expect(await watching.conclude(INTENT)).toMatchObject({ status: "succeeded" });
});

test("nothing seen, even after its last moment: unknown, never failed", async () => {
  const { watching, looks } = observer(() => LOCKED);
  expect(await watching.conclude(INTENT)).toEqual(UNKNOWN);
  expect(looks.at(-1)).toBeGreaterThan(31_000);
  expect(looks.at(-1)).toBeLessThan(33_000);
});

test("a directory away for an hour is asked when it is back", async () => {
  const { watching, looks } = observer((after) => (after > 3_600_000 ? UNLOCKED : undefined));
  expect(await watching.conclude(INTENT)).toMatchObject({ status: "succeeded" });
  expect(looks.length).toBeLessThan(200);
});

test("one that never comes back: unknown after 24 hours", async () => {
  const { watching, looks } = observer(() => undefined);
  expect(await watching.conclude(INTENT)).toEqual(UNKNOWN);
  expect(looks.at(-1)).toBeGreaterThan(24 * 3_600_000);
});

test("told to stop, it leaves the end open", async () => {
  const { watching } = observer(() => {
    watching.stop();
    return LOCKED;
  });
  await expect(watching.conclude(INTENT)).rejects.toThrow("stopped");
});
