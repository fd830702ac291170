import fc from "fast-check";
import { sealRequest } from "../../../protocol/envelope.ts";
import { MAX_ENVELOPE_BYTES, MAX_REPLY_BYTES } from "../../../protocol/limits.ts";
import type { Outcome } from "../../../protocol/outcome.ts";
import { pad, unpad } from "../../../protocol/padding.ts";
import { password } from "../../../protocol/password.ts";
import { sealReply } from "../../../protocol/reply.ts";
import { changeOf, newAgent, newWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await newWorld();
});

const lengthOf = async (request: Parameters<typeof sealRequest>[0]): Promise<number> =>
  (await sealRequest(request, world.instance, world.list.agents)).length;

test("what is padded comes back, at a multiple of the step", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 64 }), (text, step) => {
      const padded = pad(`${text}.`, step);
      expect(padded.length % step).toBe(0);
      expect(unpad(padded)).toBe(`${text}.`);
    }),
  );
});

test("the longest, the shortest and the oddest passwords make envelopes of one length", async () => {
  const one = await lengthOf(changeOf({ currentPassword: "a", newPassword: "b" }));
  for (const text of ["x", "密".repeat(256), "🔑".repeat(128), '"'.repeat(256)])
    expect(await lengthOf(changeOf({ currentPassword: text, newPassword: text }))).toBe(one);
});

test("only a hundred control characters lead to the next step, and nothing beyond it", async () => {
  const one = await lengthOf(changeOf());
  const lengthWith = (count: number) => {
    const text = "\u0001".repeat(count);
    return lengthOf(changeOf({ currentPassword: text, newPassword: text }));
  };
  expect(await lengthWith(100)).toBe(one);
  expect(await lengthWith(256)).toBeLessThan(2 * one);
});

test("no two passwords without control characters make envelopes of different lengths", async () => {
  const one = await lengthOf(changeOf());
  const any = fc
    .string({ minLength: 1, maxLength: 256, unit: "binary" })
    .filter((text) => password.safeParse(text).success && !/\p{Cc}/u.test(text));
  await fc.assert(
    fc.asyncProperty(any, any, async (currentPassword, newPassword) => {
      expect(await lengthOf(changeOf({ currentPassword, newPassword }))).toBe(one);
    }),
    { numRuns: 100 },
  );
});

test("not even the operation shows", async () => {
  const { currentPassword: _, newPassword: __, ...rest } = changeOf();
  expect(await lengthOf({ ...rest, operation: "unlock" })).toBe(await lengthOf(changeOf()));
});

test("the longest request for 32 agents stays within the limit", async () => {
  const longest = changeOf({
    currentPassword: "\u0001".repeat(256),
    newPassword: "\u0001".repeat(256),
    target: {
      ...changeOf().target,
      userPrincipalName: "密".repeat(1_024),
      sid: `S-1-${"1".repeat(180)}`,
    },
  });
  const agents = await Promise.all(Array.from({ length: 32 }, (_, at) => newAgent(`agent-${at}`)));
  const body = await sealRequest(
    longest,
    world.instance,
    agents.map(({ entry }) => entry),
  );
  expect(body.length).toBeLessThanOrEqual(MAX_ENVELOPE_BYTES);
});

test("replies of every outcome have one length, within the limit", async () => {
  const { jti, replyKey } = changeOf();
  const outcomes: Outcome[] = [
    { version: 1, request: jti, agent: "a", status: "succeeded" },
    {
      version: 1,
      request: jti,
      agent: "a".repeat(64),
      status: "failed",
      code: "passwordPolicyViolation",
      detail: { mustChangeApplied: false, wasLocked: true },
      directory: {
        server: "d".repeat(255),
        resultCode: 53,
        win32: "0000052D",
        missingRight: "r".repeat(64),
      },
    },
  ];
  const lengths = await Promise.all(
    outcomes.map(async (outcome) => (await sealReply(outcome, replyKey)).length),
  );
  expect(new Set(lengths).size).toBe(1);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(MAX_REPLY_BYTES);
});
