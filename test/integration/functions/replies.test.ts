import { base64url } from "jose";
import { REPLIES_QUEUE_NAME } from "../../../protocol/queues.ts";
import { sealReply } from "../../../protocol/reply.ts";
import type { Request } from "../../../protocol/request.ts";
import { eventually, idIn, pathOf, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

const otherId = "00000000-0000-4000-8000-000000000000";
const success = (request: string) =>
  ({ version: 1, request, agent: "agent-1", status: "succeeded" }) as const;
const stored = () => cloud.half.broker.queue(REPLIES_QUEUE_NAME).size;
const logged = (event: string) =>
  cloud.half.logged.filter((record) => record.includes(`"event":"${event}"`));

/** Replies that say "succeeded" and must not be believed. */
const FORGED: Readonly<Record<string, (request: Request) => Promise<Uint8Array>>> = {
  garbage: async () => Buffer.from("succeeded"),
  nothing: async () => Buffer.alloc(0),
  "another key": ({ jti }) => sealReply(success(jti), base64url.encode(new Uint8Array(32))),
  "another request's": ({ replyKey }) => sealReply(success(otherId), replyKey),
  "a megabyte's worth": async () => Buffer.alloc(17_000),
};

test("a reply that says anything but the truth is ignored and logged: unknown", async () => {
  const answers = Object.entries(FORGED).map(async ([name, forge]) => {
    const person = cloud.person();
    cloud.answers(person, async (request, message) => {
      await cloud.half.agent.reply(message, await forge(request));
      return undefined;
    });
    return [name, (await cloud.change(person)).code];
  });
  expect(await Promise.all(answers)).toEqual(
    Object.keys(FORGED).map((name) => [name, "outcomeUnknown"]),
  );
  expect(logged("replyInvalid")).toHaveLength(Object.keys(FORGED).length);
});

test("forged ones in front of the true reply do not keep it from counting", async () => {
  const person = cloud.person();
  cloud.answers(person, async (request, message) => {
    for (const forge of Object.values(FORGED))
      await cloud.half.agent.reply(message, await forge(request));
    return { status: "failed", code: "accountLocked" };
  });
  expect(await cloud.change(person)).toMatchObject({ status: 423, code: "accountLocked" });
});

test("of two true replies the first counts, the second is settled and counted", async () => {
  const person = cloud.person();
  cloud.answers(person, async (request, message) => {
    await cloud.half.agent.reply(message, await sealReply(success(request.jti), request.replyKey));
    return { status: "failed", code: "accountLocked" };
  });
  expect((await cloud.change(person)).status).toBe(204);
  const id = cloud.half.agent.requests.at(-1)?.jti ?? "";
  await eventually("counted", () =>
    logged("replyNotAwaited").some((record) => record.includes(id)),
  );
  await eventually("settled", () => stored() === 0);
});

test("a reply to nobody is settled and counted", async () => {
  const person = cloud.person();
  const before = logged("replyNotAwaited").length;
  cloud.answers(person, async (_, message) => {
    await cloud.half.agent.reply(message, Buffer.from("x"), 'nobody","password":"');
    return { status: "succeeded" };
  });
  expect((await cloud.change(person)).status).toBe(204);
  await eventually("counted", () => logged("replyNotAwaited").length === before + 1);
  expect(cloud.half.logged.join()).not.toContain("nobody");
});

test("a reply that comes after the wait changes nothing that was told", async () => {
  const person = cloud.person();
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  cloud.answers(person, async () => {
    await told;
    return { status: "succeeded" };
  });
  const answer = await cloud.change(person);
  expect(answer).toMatchObject({ status: 500, code: "outcomeUnknown" });
  const location = answer.headers.get("location");
  tell();
  await eventually("counted", () =>
    logged("replyNotAwaited").some((record) => record.includes(idIn(location))),
  );
  await eventually("settled", () => stored() === 0);
  const operation = await cloud.get(pathOf(location), await cloud.half.tokens.user(person));
  expect(operation.body.status).toBe("running");
});
