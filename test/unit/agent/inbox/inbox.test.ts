import { randomUUID } from "node:crypto";
import type { Verdict } from "../../../../protocol/outcome.ts";
import { until } from "../../../integration/agent/scriptedCloud.ts";
import { clock, inboxOf, message, probe, root, SUCCESS, unlock } from "./inboxFixture.ts";

function held() {
  let letGo: (verdict: Verdict) => void = () => {};
  let begun: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const execute = () => {
    begun();
    return new Promise<Verdict>((resolve) => {
      letGo = resolve;
    });
  };
  return { execute, started, finish: (verdict: Verdict) => letGo(verdict) };
}

test("answered before the message is settled", async () => {
  const order: string[] = [];
  const { inbox, outcomes } = await inboxOf(async () => SUCCESS, {
    reply: async () => {
      order.push("replied");
    },
  });
  const request = probe();
  expect(await inbox.handle(await message(request))).toBe("complete");
  order.push("settled");
  expect(order).toEqual(["replied", "settled"]);
  expect(await outcomes(request)).toMatchObject([{ status: "succeeded", agent: "agent-1" }]);
});

test("another delivery while the first is at work is settled and not answered", async () => {
  const { execute, started, finish } = held();
  const { inbox, outcomes } = await inboxOf(execute);
  const request = probe();
  const first = inbox.handle(await message(request));
  await started;
  expect(await inbox.handle(await message(request, 1))).toBe("complete");
  expect(await outcomes(request)).toEqual([]);
  finish(SUCCESS);
  await first;
  expect((await outcomes(request)).map(({ status }) => status)).toEqual(["succeeded"]);
});

test.each([
  ["never seen here", {}, 1],
  ["and expired", { exp: Date.now() / 1_000 - 1 }, 3],
])("a message held by somebody before, %s, is unknown and not executed", async (_, wish, count) => {
  let executed = 0;
  const { inbox, outcomes, names } = await inboxOf(async () => {
    executed += 1;
    return SUCCESS;
  });
  const request = probe(wish);
  expect(await inbox.handle(await message(request, count))).toBe("complete");
  expect(await outcomes(request)).toMatchObject([{ status: "unknown", code: "outcomeUnknown" }]);
  expect([executed, names()]).toEqual([0, ["requestRepeated", "outcome"]]);
});

/** An agent that has run for an hour, and then again, on the same disk. */
test("a reply that nobody took is owed; what is unknown is not", async () => {
  const reply = async () => {
    throw new Error("relay gone");
  };
  const { inbox, posted } = await inboxOf(async () => SUCCESS, { reply });
  const request = probe();
  await inbox.handle(await message(request));
  const held = probe({ iat: clock.now() - 60 });
  await inbox.handle(await message(held, 1));
  await until("the late truth is told", () => posted.length > 0);
  expect(posted).toEqual([
    { version: 1, outcomes: [{ version: 1, agent: "agent-1", request: request.jti, ...SUCCESS }] },
  ]);
});

test("the envelope of one request under the id of another message is not executed", async () => {
  let executed = 0;
  const { inbox, outcomes, names } = await inboxOf(async () => {
    executed += 1;
    return SUCCESS;
  });
  const request = probe();
  for (const messageId of [randomUUID(), undefined])
    expect(await inbox.handle({ ...(await message(request)), messageId })).toBe("complete");
  expect([executed, names()]).toEqual([0, ["requestRepeated", "requestRepeated"]]);
  expect(await outcomes(request)).toEqual([]);
  await inbox.handle(await message(request));
  expect(await outcomes(request)).toMatchObject([{ status: "succeeded" }]);
});

test("an error of ours in a job is unknown, and the next one is served", async () => {
  let calls = 0;
  const { inbox, outcomes, names } = await inboxOf(async () => {
    calls += 1;
    if (calls === 1) throw new TypeError("Secret-Password-1 in an error's text");
    return SUCCESS;
  });
  const [first, second] = [probe(), probe()];
  await inbox.handle(await message(first));
  await inbox.handle(await message(second));
  expect(await outcomes(first)).toMatchObject([{ status: "unknown" }]);
  expect(await outcomes(second)).toMatchObject([{ status: "succeeded" }]);
  expect(names()).toEqual(["accepted", "jobFailed", "outcome", "accepted", "outcome"]);
});

test("a reply that cannot be sent is logged, and the message is settled", async () => {
  const { inbox, names } = await inboxOf(async () => SUCCESS, {
    reply: async () => {
      throw new Error("relay gone");
    },
  });
  expect(await inbox.handle(await message(probe()))).toBe("complete");
  expect(await inbox.handle({ ...(await message(probe())), replySession: undefined })).toBe(
    "complete",
  );
  expect(names().filter((name) => name === "replyNotSent")).toHaveLength(2);
});

test("at a stop, what does not end is answered as unknown", async () => {
  const { execute, started } = held();
  const { inbox, outcomes } = await inboxOf(execute);
  const request = probe();
  const handled = inbox.handle(await message(request));
  await started;
  expect(inbox.running).toBe(1);
  await inbox.stop(10, 1_000);
  expect(await handled).toBe("complete");
  expect(await outcomes(request)).toMatchObject([{ status: "unknown" }]);
  expect(inbox.running).toBe(0);
});

test("what arrives after a stop began is put back unopened, at once", async () => {
  const { execute, started, finish } = held();
  const { inbox, names, outcomes } = await inboxOf(execute);
  const [working, late] = [probe(), probe()];
  const handled = inbox.handle(await message(working));
  await started;
  const stopped = inbox.stop(1_000, 1_000);
  expect(await inbox.handle(await message(late))).toBe("putBack");
  finish(SUCCESS);
  await Promise.all([handled, stopped]);
  expect(await outcomes(working)).toMatchObject([{ status: "succeeded" }]);
  expect(names()).toEqual(["accepted", "outcome"]);
});

test("what the bus hands over while a stop begins is carried out; after that nothing is", async () => {
  const { inbox, outcomes } = await inboxOf(async () => SUCCESS);
  const { promise: quiet, resolve: isQuiet } = Promise.withResolvers<void>();
  const stopped = inbox.stop(20_000, 1_000, quiet);
  const [early, late] = [probe(), probe()];
  expect(await inbox.handle(await message(early))).toBe("complete");
  expect(await outcomes(early)).toMatchObject([{ status: "succeeded" }]);
  isQuiet();
  await stopped;
  expect(await inbox.handle(await message(late))).toBe("putBack");
});

test("a bus that never falls silent does not hold up a stop", async () => {
  const { inbox } = await inboxOf(async () => SUCCESS);
  await inbox.stop(10, 10, new Promise(() => {}));
  expect(await inbox.handle(await message(probe()))).toBe("putBack");
});

test("what had to wait its turn until the end of a stop is never executed", async () => {
  const { execute, started, finish } = held();
  let executed = 0;
  const { inbox, outcomes } = await inboxOf(() => {
    executed += 1;
    return execute();
  });
  const [first, second] = [unlock(), unlock()];
  const handled = [inbox.handle(await message(first))];
  await started;
  handled.push(inbox.handle(await message(second)));
  await inbox.stop(50, 1_000);
  finish(SUCCESS);
  await Promise.all(handled);
  await new Promise((resolve) => setImmediate(resolve));
  expect(executed).toBe(1);
  expect(await outcomes(second)).toMatchObject([{ status: "unknown" }]);
});

test("what the log says of a request holds nothing that was typed", async () => {
  const { inbox, logged } = await inboxOf(async () => ({
    ...SUCCESS,
    directory: { server: "dc1", resultCode: 0 },
  }));
  const request = root.request({
    operation: "change",
    target: {
      id: "5a3f1c00-0000-4000-8000-000000000011",
      sourceAnchor: `${"A".repeat(22)}==`,
      userPrincipalName: "alex@corp.example",
    },
    currentPassword: "Canary-Current-71!",
    newPassword: "Canary-Next-82!",
  });
  await inbox.handle(await message(request));
  const text = JSON.stringify(logged);
  for (const typed of ["Canary", "alex@corp.example", request.replyKey])
    expect(text).not.toContain(typed);
  expect(text).toContain(request.trackingId);
});
