import { randomUUID } from "node:crypto";
import { type Answer, idIn, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

/** Of the cloud half of tests. */
const WAIT_MS = 2_000;

const isReplayed = ({ headers }: Answer) => headers.get("idempotency-replayed") === "true";
const newKey = () => ({ "Idempotency-Key": randomUUID() });
/** What Microsoft's client sends with an attempt; 0 is the first one. */
const attempt = (id: string, number = 0): Record<string, string> => ({
  "client-request-id": id,
  ...(number > 0 ? { "Retry-Attempt": String(number) } : {}),
});

describe("Idempotency-Key", () => {
  test("a repeat never executes and says so, whatever the outcome was", async () => {
    const [done, refused] = [cloud.person(), cloud.person()];
    cloud.answers(refused, () => ({ status: "failed", code: "accountLocked" }));
    for (const [person, status] of [
      [done, 204],
      [refused, 423],
    ] as const) {
      const key = newKey();
      const first = await cloud.change(person, key);
      expect([first.status, isReplayed(first)]).toEqual([status, false]);
      const second = await cloud.change(person, key);
      expect([second.status, isReplayed(second)]).toEqual([status, true]);
      expect(cloud.executed(person)).toBe(1);
      expect((await cloud.change(person, newKey())).status).toBe(status);
      expect(cloud.executed(person)).toBe(2);
    }
  });

  test("two at once, ten at once: one executes", async () => {
    for (const call of [cloud.change, cloud.portalReset, cloud.adminReset] as const) {
      const person = cloud.person();
      const key = newKey();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => call.call(cloud, person, key)),
      );
      expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
      expect(answers[0]?.status).toBeLessThan(300);
      expect(answers.filter((answer) => !isReplayed(answer))).toHaveLength(1);
      expect(cloud.executed(person)).toBe(1);
    }
  });

  test("what was sent keeps its key, whatever goes wrong after it", async () => {
    const { operations } = cloud.half.running.parts;
    const person = cloud.person();
    const key = newKey();
    jest.spyOn(operations, "conclude").mockImplementation(() => {
      throw new Error("a fault of ours");
    });
    try {
      expect((await cloud.adminReset(person, key)).code).toBe("internalError");
    } finally {
      jest.restoreAllMocks();
    }
    const again = await cloud.adminReset(person, key);
    expect([again.status, isReplayed(again)]).toEqual([202, true]);
    expect(cloud.executed(person)).toBe(1);
  });

  test("the same key for another person or operation is 422", async () => {
    const [one, two] = [cloud.person(), cloud.person()];
    const key = newKey();
    expect((await cloud.portalReset(one, key)).status).toBe(200);
    const other = await cloud.portalReset(two, key);
    expect(other).toMatchObject({ status: 422, code: "idempotencyKeyReused" });
    expect(cloud.executed(two)).toBe(0);
  });

  test("the same key of another caller or on another route is another key", async () => {
    const [one, two] = [cloud.person(), cloud.person()];
    const key = newKey();
    for (const answer of [
      await cloud.change(one, key),
      await cloud.change(two, key),
      await cloud.adminReset(one, key),
    ])
      expect([answer.status < 300, isReplayed(answer)]).toEqual([true, false]);
  });

  test("what was refused before it was sent releases the key", async () => {
    const person = cloud.person();
    const key = newKey();
    await cloud.half.heartbeat({ state: "stopping" });
    expect((await cloud.change(person, key)).code).toBe("noLiveAgent");
    await cloud.half.heartbeat();
    const { faults } = cloud.half.broker;
    faults.attach = (address, client) =>
      client === "sends" && address.startsWith("requests")
        ? { condition: "amqp:unauthorized-access", description: "withdrawn" }
        : undefined;
    faults.detach(/^requests/, { condition: "amqp:link:detach-forced", description: "moved" });
    try {
      expect(await cloud.change(person, key)).toMatchObject({
        status: 503,
        code: "relayUnavailable",
      });
    } finally {
      faults.attach = undefined;
    }
    const answer = await cloud.change(person, key);
    expect([answer.status, isReplayed(answer)]).toEqual([204, false]);
    expect(cloud.executed(person)).toBe(1);
  });

  test("after unknown it is still joined, at once when the first has given up", async () => {
    const person = cloud.silentPerson();
    const key = newKey();
    const [first, meanwhile] = await Promise.all([
      cloud.change(person, key),
      cloud.change(person, key),
    ]);
    const began = Date.now();
    const later = await cloud.change(person, key);
    expect(Date.now() - began).toBeLessThan(WAIT_MS);
    for (const answer of [first, meanwhile, later]) {
      expect(answer).toMatchObject({ status: 500, code: "outcomeUnknown" });
      expect(answer.headers.get("location")).toBe(first.headers.get("location"));
    }
    expect([first, meanwhile].filter(isReplayed)).toHaveLength(1);
    expect(isReplayed(later)).toBe(true);
    expect(cloud.executed(person)).toBe(1);
  });

  test("a repeat at another instance waits for the first one's outcome", async () => {
    const person = cloud.person();
    const key = newKey();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    cloud.answers(person, async () => {
      await asked;
      return { status: "succeeded" };
    });
    const { running } = cloud.half.running.parts;
    const find = jest.spyOn(running, "find").mockReturnValue(undefined);
    const first = cloud.portalReset(person, key);
    const second = cloud.portalReset(person, key);
    setTimeout(ask, 400);
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 200]);
    expect(cloud.executed(person)).toBe(1);
    find.mockRestore();
  });
});

describe("Retry-Attempt", () => {
  test("a marked retry joins its first attempt, resolved or not", async () => {
    const [resolved, silent] = [cloud.person(), cloud.silentPerson()];
    for (const [person, status] of [
      [resolved, 204],
      [silent, 500],
    ] as const) {
      const id = randomUUID();
      expect((await cloud.change(person, attempt(id))).status).toBe(status);
      const again = await cloud.change(person, attempt(id, 1));
      expect([again.status, isReplayed(again)]).toEqual([status, true]);
      expect(cloud.executed(person)).toBe(1);
    }
  });

  test("without the mark, without the id, or with another id it executes", async () => {
    const person = cloud.person();
    const id = randomUUID();
    await cloud.change(person, attempt(id));
    await cloud.change(person, attempt(id));
    await cloud.change(person, { "Retry-Attempt": "1" });
    await cloud.change(person, attempt(randomUUID(), 1));
    expect(cloud.executed(person)).toBe(4);
  });

  test("another caller, another person and another operation never join", async () => {
    const [one, two] = [cloud.person(), cloud.person()];
    const id = randomUUID();
    await cloud.portalReset(one, attempt(id));
    for (const answer of [
      await cloud.portalReset(two, attempt(id, 1)),
      await cloud.adminReset(one, attempt(id, 1)),
      await cloud.change(one, attempt(id, 1)),
    ])
      expect([answer.status < 300, isReplayed(answer)]).toEqual([true, false]);
    expect(cloud.executed(one)).toBe(3);
  });

  test("after five minutes it is a new request", async () => {
    const person = cloud.person();
    const id = randomUUID();
    await cloud.change(person, attempt(id));
    const claims = cloud.table("reservations");
    for await (const row of claims.listEntities<{ partitionKey: string; until: number }>())
      if (row.partitionKey.startsWith("retry-"))
        await claims.updateEntity(
          { ...row, rowKey: "reservation", until: Date.now() - 1 },
          "Merge",
        );
    expect(isReplayed(await cloud.change(person, attempt(id, 1)))).toBe(false);
    expect(cloud.executed(person)).toBe(2);
  });

  test("a retry of what was never sent is carried out", async () => {
    const person = cloud.person();
    const id = randomUUID();
    await cloud.half.heartbeat({ relay: "down" });
    expect((await cloud.change(person, attempt(id))).status).toBe(503);
    await cloud.half.heartbeat();
    expect((await cloud.change(person, attempt(id, 1))).status).toBe(204);
    expect(cloud.executed(person)).toBe(1);
  });
});

describe("one operation on one's own account at a time", () => {
  test("a second one is 409 while the first is unresolved, with Location for the same caller", async () => {
    const person = cloud.unresolvedPerson();
    const first = await cloud.change(person);
    expect(first.code).toBe("outcomeUnknown");
    const second = await cloud.change(person);
    expect(second).toMatchObject({ status: 409, code: "operationInProgress" });
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    const portal = await cloud.portalReset(person);
    expect(portal).toMatchObject({ status: 409, code: "operationInProgress" });
    expect(portal.headers.get("location")).toBeNull();
    expect(portal.text).not.toContain(idIn(first.headers.get("location")));
    expect(cloud.executed(person)).toBe(1);
    const admin = await cloud.adminReset(person);
    expect(admin.status).toBe(202);
    expect(cloud.executed(person)).toBe(2);
  });

  test("when the first has ended, the next is carried out", async () => {
    const person = cloud.person();
    for (const _ of "123") expect((await cloud.change(person)).status).toBe(204);
    cloud.answers(person, () => ({ status: "failed", code: "accountLocked" }));
    for (const _ of "12") expect((await cloud.change(person)).status).toBe(423);
    expect(cloud.executed(person)).toBe(5);
  });

  test("an unresolved one bars for its deadline and a minute of grace, no longer", async () => {
    const person = cloud.unresolvedPerson();
    const first = idIn((await cloud.change(person)).headers.get("location"));
    const unresolved = cloud.table("unresolved");
    const ofFirst = async () => {
      for await (const row of unresolved.listEntities<{ operationId: string; until: number }>())
        if (row.operationId === first) return row;
      throw new Error("it is not there");
    };
    const { partitionKey = "", rowKey = "", until } = await ofFirst();
    expect(until).toBeLessThanOrEqual(Date.now() + 61_000);
    await unresolved.updateEntity({ partitionKey, rowKey, until: Date.now() - 1 }, "Merge");
    cloud.answers(person, () => ({ status: "succeeded" }));
    expect((await cloud.change(person)).status).toBe(204);
    // It made room, and is still missed.
    expect((await ofFirst()).rowKey).not.toBe(rowKey);
  });

  test("two portal users, two passwords, one account: one executes, neither is told of the other's", async () => {
    const person = cloud.person();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    cloud.answers(person, async () => {
      await asked;
      return { status: "succeeded" };
    });
    const both = ["First-Choice-1", "Other-Choice-2"].map((password) =>
      cloud.portalReset(person, newKey(), password),
    );
    // One is held at the agent: the first that ends is the one that was refused.
    await Promise.race(both);
    ask();
    const answers = await Promise.all(both);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.code).toBe("operationInProgress");
    expect(refused?.text).not.toContain("succeeded");
    expect(cloud.executed(person)).toBe(1);
    const winner = answers[0]?.status === 200 ? "First-Choice-1" : "Other-Choice-2";
    expect(cloud.half.agent.requests.at(-1)).toMatchObject({ newPassword: winner });
  });
});
