import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiFailure, codeIn, type Post } from "../../../agent/api.ts";
import { Clock } from "../../../agent/clock.ts";
import { type Condition, HeartbeatSender } from "../../../agent/heartbeat.ts";
import { GrowingNumber } from "../../../agent/trust/growingNumber.ts";
import { type Standing, TrustState } from "../../../agent/trust/trustState.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";
import { type Heartbeat, heartbeat, signHeartbeatAnswer } from "../../../protocol/heartbeat.ts";
import {
  type EnrolledKey,
  enrolledKey,
  heldKeys,
  TrustRoot,
} from "../../integration/agent/trustRoot.ts";

const WAITING: Condition = { state: "waiting", relay: "up", directory: { state: "up" } };
let folder: string;
let root: TrustRoot;
let key: EnrolledKey;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
  [root, key] = await Promise.all([TrustRoot.create(), enrolledKey()]);
});
afterAll(() => rm(folder, { recursive: true }));

/** @param answer to a heartbeat; the time it tells is off by `offset` seconds */
async function sender(
  wishes: {
    offset?: number;
    nonce?: string;
    post?: Post;
    steady?: () => number;
    before?: () => void;
  } = {},
) {
  runs += 1;
  const beats: Heartbeat[] = [];
  const logged: string[] = [];
  const clock = new Clock();
  const own = { agent: "agent-1", connector: "corp", keys: heldKeys(key) };
  const file = (name: string) => GrowingNumber.open(join(folder, `${runs}-${name}`));
  const trust = new TrustState(root.rootKey, own, clock, await file("serial"));
  const counter = await file("counter");
  const answer: Post = async (path, body) => {
    wishes.before?.();
    expect(path).toBe("/v1.0/agents/agent-1/heartbeat");
    const beat = heartbeat.parse(body);
    beats.push(beat);
    const jws = await signHeartbeatAnswer(
      {
        version: 1,
        sub: "agent-1",
        nonce: wishes.nonce ?? beat.nonce,
        iat: Date.now() / 1_000 + (wishes.offset ?? 0),
        trustList: await root.sign(root.list(3, [root.entry("agent-1", key)])),
        unresolved: [],
      },
      await root.identity(),
    );
    return { answer: jws };
  };
  const heartbeats = new HeartbeatSender({
    post: wishes.post ?? answer,
    trust,
    clock,
    counter,
    log: (name) => logged.push(name),
    wall: () => 1_000,
    ...(wishes.steady && { steady: wishes.steady }),
  });
  return { heartbeats, beats, logged, clock, trust };
}

test("an answer brings trust and time; the next beat tells its serial and counts on", async () => {
  const { heartbeats, beats, logged, clock, trust } = await sender({ offset: -30 });
  expect(await heartbeats.beat(WAITING)).toBe(true);
  expect(trust.standing()).toBe("trusted");
  expect(Math.abs(clock.now() - (Date.now() / 1_000 - 30))).toBeLessThan(2);
  expect(await heartbeats.beat({ ...WAITING, state: "listening" })).toBe(true);
  expect(beats.map(({ counter, serial, state }) => [counter, serial, state])).toEqual([
    [1_000, 0, "waiting"],
    [1_001, 3, "listening"],
  ]);
  expect(beats[0]?.nonce).not.toBe(beats[1]?.nonce);
  expect(logged).toEqual(["trustListAccepted", "heartbeatAnswered", "heartbeatAnswered"]);
});

test("a clock that is off by more than a minute is corrected and reported", async () => {
  const { heartbeats, logged, clock } = await sender({ offset: 90 });
  expect(await heartbeats.beat(WAITING)).toBe(true);
  expect(logged).toContain("clockSkewed");
  expect(Math.abs(clock.now() - (Date.now() / 1_000 + 90))).toBeLessThan(2);
});

test("an answer to another heartbeat is none", async () => {
  const { heartbeats, logged, trust } = await sender({ nonce: "A".repeat(22) });
  expect(await heartbeats.beat(WAITING)).toBe(false);
  expect(logged).toEqual(["heartbeatAnswerInvalid"]);
  expect(trust.standing()).toBe("unknown");
});

test("an extra beat tells what was last told; who asks within 2 s shares it", async () => {
  let now = 0;
  const { heartbeats, beats } = await sender({ steady: () => now });
  expect(await heartbeats.refresh()).toBe(false);
  await heartbeats.beat({ ...WAITING, state: "listening" });
  const refresh = () => heartbeats.refresh();
  expect(await Promise.all([refresh(), refresh()])).toEqual([true, true]);
  now = 1_999;
  await refresh();
  expect(beats.map(({ state }) => state)).toEqual(["listening", "listening"]);
  now = 2_000;
  await refresh();
  expect(beats).toHaveLength(3);
});

test("two beats at the same time have two counters", async () => {
  const { heartbeats, beats } = await sender();
  await Promise.all([heartbeats.beat(WAITING), heartbeats.beat(WAITING)]);
  expect(new Set(beats.map(({ counter }) => counter)).size).toBe(2);
});

test.each<[ErrorCode, Standing]>([
  ["agentNotListed", "refused"],
  ["agentKeyExpired", "refused"],
  ["accessDenied", "refused"],
  ["recordsUnavailable", "trusted"],
])("refused with %s by the cloud itself: it is %s", async (code, standing) => {
  let refused = false;
  const { heartbeats, logged, trust } = await sender({
    before: () => {
      if (refused) throw new ApiFailure(403, code);
    },
  });
  await heartbeats.beat(WAITING);
  refused = true;
  expect(await heartbeats.beat(WAITING)).toBe(false);
  expect([trust.standing(), logged.at(-1)]).toEqual([standing, "heartbeatFailed"]);
  refused = false;
  expect(await heartbeats.beat(WAITING)).toBe(true);
  expect(trust.standing()).toBe("trusted");
});

test("a 403 of somebody in between says nothing about the agent", async () => {
  expect(codeIn("<html>Forbidden</html>")).toBeUndefined();
  expect(codeIn('{"error":{"innerError":{"code":"constructor"}}}')).toBeUndefined();
  expect(codeIn('{"error":{"innerError":{"code":"agentNotListed"}}}')).toBe("agentNotListed");
});

const lost: Post = async () => {
  throw new ApiFailure(403);
};
test.each<[string, Post]>([
  ["no answer", lost],
  ["not an answer", async () => ({ message: "hello" })],
  ["nothing", async () => undefined],
])("%s: logged, and nothing else happens", async (_, post) => {
  const { heartbeats, logged, trust } = await sender({ post });
  expect(await heartbeats.beat(WAITING)).toBe(false);
  expect(logged).toEqual(["heartbeatFailed"]);
  expect(trust.standing()).toBe("unknown");
});
