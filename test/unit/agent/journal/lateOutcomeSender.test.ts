import { randomUUID } from "node:crypto";
import { ApiFailure } from "../../../../agent/api.ts";
import { LateOutcomeSender } from "../../../../agent/journal/lateOutcomeSender.ts";
import type { LogFields } from "../../../../agent/log.ts";
import type { LateOutcome, LateOutcomes } from "../../../../protocol/lateOutcomes.ts";

const DAY_MS = 24 * 3_600_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const outcome = (): LateOutcome => ({
  version: 1,
  request: randomUUID(),
  agent: "agent-1",
  status: "succeeded",
});

/** @param answer what the cloud makes of a call: throws where it does not take it */
function senderOf(answer: (requests: string[]) => void) {
  const began = Date.now();
  const calls: { after: number; requests: string[] }[] = [];
  const told: string[] = [];
  const logged: [string, LogFields | undefined][] = [];
  const late = new LateOutcomeSender({
    agent: "agent-1",
    post: async (path, body) => {
      expect(path).toBe("/v1.0/agents/agent-1/outcomes");
      const requests = (body as LateOutcomes).outcomes.map(({ request }) => request);
      calls.push({ after: Date.now() - began, requests });
      answer(requests);
      return undefined;
    },
    log: (name, fields) => void logged.push([name, fields]),
    told: (id) => void told.push(id),
    wall: Date.now,
  });
  return { late, calls, told, logged };
}

const down = (): never => {
  throw new ApiFailure();
};

test("told at once, once", async () => {
  const { late, calls, told } = senderOf(() => {});
  const one = outcome();
  late.owe(one);
  late.owe(one);
  await jest.advanceTimersByTimeAsync(120_000);
  expect(calls).toEqual([{ after: 0, requests: [one.request] }]);
  expect(told).toEqual([one.request]);
  expect(late.size).toBe(0);
});

test("a cloud that is away is asked after 1, 2, 4, … and then every 60 seconds", async () => {
  let isDown = true;
  const { late, calls, told } = senderOf(() => isDown && down());
  const one = outcome();
  late.owe(one);
  await jest.advanceTimersByTimeAsync(183_000);
  const seconds = () => calls.map(({ after }) => after / 1_000);
  expect(seconds()).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
  // One that comes while it waits goes with the next try.
  late.owe(outcome());
  isDown = false;
  await jest.advanceTimersByTimeAsync(60_000);
  expect(seconds().at(-1)).toBe(243);
  expect(told).toHaveLength(2);
});

test("once it was taken, the next trouble begins with a second again", async () => {
  let isDown = true;
  const { late, calls } = senderOf(() => isDown && down());
  late.owe(outcome());
  await jest.advanceTimersByTimeAsync(10_000);
  isDown = false;
  await jest.advanceTimersByTimeAsync(10_000);
  expect(late.size).toBe(0);
  isDown = true;
  const before = calls.length;
  late.owe(outcome());
  await jest.advanceTimersByTimeAsync(1_000);
  expect(calls.length).toBe(before + 2);
});

test("given up after 24 hours, and stopped when told to", async () => {
  const { late, calls, told } = senderOf(down);
  late.owe(outcome());
  await jest.advanceTimersByTimeAsync(DAY_MS + 60_000);
  expect([late.size, told.length]).toEqual([0, 0]);
  late.owe(outcome());
  late.stop();
  const before = calls.length;
  await jest.advanceTimersByTimeAsync(DAY_MS);
  expect(calls.length).toBe(before);
});

test.each([400, 413])("one that the cloud refuses with %i costs only itself", async (status) => {
  const all = Array.from({ length: 5 }, outcome);
  const bad = all[2]?.request ?? "";
  const taken: string[] = [];
  const { late, told, logged } = senderOf((requests) => {
    if (requests.includes(bad)) throw new ApiFailure(status);
    taken.push(...requests);
  });
  for (const one of all) late.owe(one);
  await jest.advanceTimersByTimeAsync(0);
  expect(taken.sort()).toEqual(
    all
      .map(({ request }) => request)
      .filter((id) => id !== bad)
      .sort(),
  );
  expect(told).toHaveLength(5);
  expect(late.size).toBe(0);
  const refused = { requestId: bad, httpStatus: status };
  expect(logged.filter(([name]) => name === "outcomesNotTaken")).toEqual([
    ["outcomesNotTaken", refused],
  ]);
  expect(logged).not.toContainEqual([
    "lateOutcomeTold",
    expect.objectContaining({ requestId: bad }),
  ]);
});

test("a batch that fails in the middle is told again without what was taken", async () => {
  const all = Array.from({ length: 3 }, outcome);
  let calls = 0;
  const { late, told } = senderOf((requests) => {
    calls += 1;
    if (requests.length > 1 && calls <= 2) throw new ApiFailure(400);
    if (calls === 4) down();
  });
  for (const one of all) late.owe(one);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(told.sort()).toEqual(all.map(({ request }) => request).sort());
});

test("more than 8 go in several calls", async () => {
  const { late, calls } = senderOf(() => {});
  for (let count = 0; count < 20; count += 1) late.owe(outcome());
  await jest.advanceTimersByTimeAsync(0);
  expect(Math.max(...calls.map(({ requests }) => requests.length))).toBe(8);
  expect(calls.flatMap(({ requests }) => requests)).toHaveLength(20);
});
