import { randomUUID } from "node:crypto";
import type { Verdict } from "../../../../protocol/outcome.ts";
import type { Request } from "../../../../protocol/request.ts";
import { until } from "../../../integration/agent/scriptedCloud.ts";
import {
  clock,
  inboxOf,
  message,
  openJournal,
  root,
  SUCCESS,
  slowDisk,
  unlock,
} from "./inboxFixture.ts";

const RULES: Verdict = { status: "succeeded", detail: { rules: { minimumLength: 8 } } };
const question = (wish: Partial<Request> = {}): Request =>
  root.request({ ...(unlock() as object), jti: randomUUID(), ...wish, operation: "passwordRules" });

test("a question is answered, however often its message was held, and nothing is noted", async () => {
  const journal = await openJournal();
  const { inbox, outcomes } = await inboxOf(async () => RULES, { journal });
  const request = question();
  for (const deliveryCount of [0, 1, 7])
    expect(await inbox.handle(await message(request, deliveryCount))).toBe("complete");
  expect(await outcomes(request)).toMatchObject([RULES, RULES, RULES]);
  expect(journal.find(request.jti)).toBeUndefined();
});

test("an expired question is not asked any more", async () => {
  let executed = 0;
  const { inbox, outcomes } = await inboxOf(async () => {
    executed += 1;
    return RULES;
  });
  const request = question({ iat: clock.now() - 20, exp: clock.now() - 10 });
  await inbox.handle(await message(request));
  expect(await outcomes(request)).toMatchObject([{ status: "failed", code: "requestExpired" }]);
  expect(executed).toBe(0);
});

test("a question does not wait behind a write of the same person", async () => {
  let finish: (verdict: Verdict) => void = () => {};
  let begun: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { inbox, outcomes } = await inboxOf(({ operation }) => {
    if (operation === "passwordRules") return Promise.resolve(RULES);
    begun();
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const [write, asked] = [unlock(), question()];
  const handled = inbox.handle(await message(write));
  await started;
  await inbox.handle(await message(asked));
  expect(await outcomes(asked)).toMatchObject([RULES]);
  expect(await outcomes(write)).toEqual([]);
  finish(SUCCESS);
  await handled;
  expect(await outcomes(write)).toMatchObject([SUCCESS]);
});

test("an answer that nobody took is owed to nobody", async () => {
  const reply = async () => {
    throw new Error("relay gone");
  };
  const { inbox, names, posted } = await inboxOf(async () => RULES, { reply });
  const later = unlock();
  await inbox.handle(await message(question()));
  await inbox.handle(await message(later));
  expect(names()).toEqual(["accepted", "outcome", "replyNotSent", ...names().slice(3)]);
  await until("the later one's outcome is told", () => posted.length > 0);
  expect(posted.flatMap(({ outcomes }) => outcomes.map(({ request }) => request))).toEqual([
    later.jti,
  ]);
});

describe("a request that only a newer agent understands", () => {
  const newer = (): Request => ({ ...unlock(), operation: "rename" }) as never;
  const never = async (): Promise<Verdict> => {
    throw new Error("executed");
  };

  test("is answered with what was wrong, and done with", async () => {
    const { inbox, outcomes, names } = await inboxOf(never);
    const requests = [newer(), { ...unlock(), version: 2 } as never, { ...newer(), more: 1 }];
    for (const request of requests) {
      expect(await inbox.handle(await message(request))).toBe("complete");
      expect(await outcomes(request)).toMatchObject([
        { status: "failed", code: "requestVersionUnsupported" },
      ]);
    }
    expect(new Set(names())).toEqual(new Set(["requestVersionUnsupported"]));
  });

  test("is unknown where somebody held it before: a newer one may have begun it", async () => {
    const { inbox, outcomes } = await inboxOf(never);
    const request = newer();
    await inbox.handle(await message(request, 1));
    expect(await outcomes(request)).toMatchObject([{ status: "unknown", code: "outcomeUnknown" }]);
  });

  test("is told as failed by the next agent too, which would understand it", async () => {
    const name = randomUUID();
    const journal = await openJournal(name);
    const old = await inboxOf(never, { journal });
    const request = unlock();
    const onceNewer = { ...request, operation: "rename" } as never;
    await old.inbox.handle(await message(onceNewer));
    await old.inbox.handle(await message(onceNewer, 1));
    await journal.close();
    const upgraded = await inboxOf(never, { journal: await openJournal(name) });
    for (const deliveryCount of [0, 1])
      await upgraded.inbox.handle(await message(request, deliveryCount));
    const answers = [...(await old.outcomes(request)), ...(await upgraded.outcomes(request))];
    expect(answers).toHaveLength(4);
    for (const answer of answers)
      expect(answer).toMatchObject({ status: "failed", code: "requestVersionUnsupported" });
  });

  test("is told what the journal knows of it: a newer agent was here before", async () => {
    const name = randomUUID();
    const journal = await openJournal(name);
    const before = await inboxOf(async () => SUCCESS, { journal });
    const request = unlock();
    await before.inbox.handle(await message(request));
    const { inbox, outcomes } = await inboxOf(never, { journal });
    await inbox.handle(await message({ ...request, operation: "rename" } as never));
    expect(await outcomes(request)).toMatchObject([SUCCESS]);
    expect(journal.find(request.jti)).toMatchObject({ verdict: SUCCESS });
  });

  test("is failed on disk before it is told", async () => {
    const journal = await openJournal();
    const order: string[] = [];
    slowDisk(journal, order);
    const reply = async () => void order.push("told");
    const { inbox } = await inboxOf(never, { journal, reply });
    await inbox.handle(await message(newer()));
    expect(order).toEqual(["on disk", "told"]);
  });

  test.each([
    ["long past", -301],
    ["far ahead", 3_600],
  ])("is unknown, and not noted, with an expiry %s", async (_, seconds) => {
    const journal = await openJournal();
    const { inbox, outcomes } = await inboxOf(never, { journal });
    const request = { ...newer(), exp: clock.now() + seconds };
    await inbox.handle(await message(request));
    expect(await outcomes(request)).toMatchObject([{ status: "unknown" }]);
    expect(journal.find(request.jti)).toBeUndefined();
  });

  test("gets no answer under another message's id, nor where it was meant for others", async () => {
    const { inbox, outcomes } = await inboxOf(never);
    const [request, foreign] = [newer(), { ...newer(), aud: "emea" }];
    await inbox.handle({ ...(await message(request)), messageId: randomUUID() });
    await inbox.handle(await message(foreign));
    expect(await outcomes(request)).toEqual([]);
    expect(await outcomes(foreign)).toEqual([]);
  });

  test("whose answer cannot be sent does no harm", async () => {
    const reply = async () => {
      throw new Error("relay gone");
    };
    const { inbox, names } = await inboxOf(never, { reply });
    expect(await inbox.handle(await message(newer()))).toBe("complete");
    expect(names()).toEqual(["requestVersionUnsupported", "replyNotSent"]);
  });
});
