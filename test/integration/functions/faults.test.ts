import type { SampleUser } from "../../../local/samples.ts";
import { SIGNING_KEY_NAME } from "../../../local/stack/operator.ts";
import { REPLIES_QUEUE_NAME } from "../../../protocol/queues.ts";
import { eventually, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start({ TOTAL_WAIT_SECONDS: "6", WRITE_START_SECONDS: "5" });
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());
afterEach(() => {
  const { faults } = cloud.half.broker;
  faults.attach = undefined;
  faults.transfer = undefined;
  jest.restoreAllMocks();
});

const forced = { condition: "amqp:link:detach-forced", description: "moved" };
const works = async () => (await cloud.change(cloud.person())).status === 204;
/** Azure's libraries leave timers behind where a peer is gone; these must not outlive the tests. */
function timersEndWithTests(fromMilliseconds: number): void {
  const original = setTimeout;
  jest.spyOn(globalThis, "setTimeout").mockImplementation(((
    run: (...values: unknown[]) => void,
    milliseconds = 0,
    ...values: unknown[]
  ) => {
    const timer = original(run, milliseconds, ...values);
    return milliseconds >= fromMilliseconds ? timer.unref() : timer;
  }) as typeof setTimeout);
}
/** Somebody whose request the agent holds until `answer` is called. */
function heldPerson() {
  const person = cloud.person();
  const taken = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  cloud.answers(person, async () => {
    taken.resolve();
    await released.promise;
    return { status: "succeeded" };
  });
  return { person, taken: taken.promise, answer: () => released.resolve() };
}

describe("the relay", () => {
  test("connections cut while a reply is waited for: it still arrives", async () => {
    const { person, taken, answer } = heldPerson();
    const call = cloud.change(person);
    await taken;
    cloud.half.broker.faults.dropConnections();
    answer();
    expect((await call).status).toBe(204);
    expect(cloud.executed(person)).toBeGreaterThanOrEqual(1);
  });

  test("connections cut while nobody waits: the next request works", async () => {
    for (const _ of "123") {
      cloud.half.broker.faults.dropConnections();
      await eventually("it works again", works);
    }
  });

  test("the namespace moves: replies still arrive", async () => {
    const { person, taken, answer } = heldPerson();
    const call = cloud.change(person);
    await taken;
    cloud.half.broker.faults.closeConnections({
      condition: "amqp:connection:forced",
      description: "",
    });
    answer();
    expect((await call).status).toBe(204);
  });

  test("the reply session detached while waiting is accepted again", async () => {
    const { person, taken, answer } = heldPerson();
    const call = cloud.change(person);
    await taken;
    cloud.half.broker.faults.detach(new RegExp(`^${REPLIES_QUEUE_NAME}`), forced);
    answer();
    expect((await call).status).toBe(204);
    expect(await works()).toBe(true);
  });

  test("a session lock that was lost is taken again", async () => {
    const { person, taken, answer } = heldPerson();
    const call = cloud.change(person);
    await taken;
    cloud.half.broker.faults.detach(new RegExp(`^${REPLIES_QUEUE_NAME}`), {
      condition: "com.microsoft:session-lock-lost",
      description: "lost",
    });
    answer();
    expect((await call).status).toBe(204);
  });

  test("a session that somebody else holds is given up for a new one", async () => {
    const { faults } = cloud.half.broker;
    let refusals = 0;
    faults.attach = (address, client) => {
      if (client !== "receives" || !address.startsWith(REPLIES_QUEUE_NAME) || refusals >= 6) return;
      refusals += 1;
      return { condition: "com.microsoft:session-cannot-be-locked", description: "held" };
    };
    faults.detach(new RegExp(`^${REPLIES_QUEUE_NAME}`), forced);
    await eventually("refused", () => refusals === 6);
    await eventually("it works again", works);
  });

  /** Either is the truth: nothing was sent, or it is not known. */
  const HONEST = ["relayUnavailable", "outcomeUnknown"];

  test("a link that never opens: an honest answer, and the next request works", async () => {
    const { faults } = cloud.half.broker;
    faults.attach = (address, client) =>
      client === "sends" && address.startsWith("requests") ? "ignore" : undefined;
    faults.detach(/^requests/, forced);
    const unsent: SampleUser[] = [];
    const refused = async () => {
      const person = cloud.person();
      const { code } = await cloud.change(person);
      expect(HONEST).toContain(code);
      if (code === "relayUnavailable") unsent.push(person);
      return code === "relayUnavailable";
    };
    await eventually("nothing was sent, and it says so", refused, 15_000);
    faults.attach = undefined;
    await eventually("it works again", works);
    for (const person of unsent) expect(cloud.executed(person)).toBe(0);
  }, 40_000);

  test("a client that is stuck for a minute (connection lost while it shows its token) is replaced", async () => {
    const { faults } = cloud.half.broker;
    timersEndWithTests(59_000);
    await cloud.half.agent.pause();
    let shown = 0;
    faults.putToken = () => {
      shown += 1;
      return "ignore";
    };
    faults.detach(/^requests/, forced);
    const person = cloud.person();
    const stuck = cloud.change(person);
    await eventually("a token is shown", () => shown > 0);
    faults.dropConnections();
    faults.putToken = undefined;
    cloud.half.agent.resume();
    await eventually("it works again", works, 15_000);
    const { status, code } = await stuck;
    // The fresh client may have carried it, once.
    if (status !== 204) expect(HONEST).toContain(code);
    expect(cloud.executed(person)).toBeLessThanOrEqual(1);
  });

  test("a send that is stored and never acknowledged does not hold its reply up", async () => {
    cloud.half.broker.faults.transfer = (address) =>
      address.startsWith("requests") ? "unacknowledged" : undefined;
    // The send gives up after 2 s. A slow machine needs long for one of them, not for each.
    const quick = async () => {
      const began = Date.now();
      expect(await works()).toBe(true);
      return Date.now() - began < 1_500;
    };
    await eventually("one is quicker than the send", quick, 20_000);
  });

  test("no right to send: 503, nothing was sent", async () => {
    const { faults } = cloud.half.broker;
    faults.attach = (address, client) =>
      client === "sends" && address.startsWith("requests")
        ? { condition: "amqp:unauthorized-access", description: "withdrawn" }
        : undefined;
    faults.detach(/^requests/, forced);
    expect(await cloud.change(cloud.person())).toMatchObject({
      status: 503,
      code: "relayUnavailable",
    });
    faults.attach = undefined;
    await eventually("it works again", works);
  });

  test("no bus at all: 503 within the wait, and back when it is", async () => {
    const { faults } = cloud.half.broker;
    faults.refuseConnections = true;
    faults.dropConnections();
    const person = cloud.person();
    try {
      await eventually("noticed", async () => (await cloud.change(person)).status === 503, 12_000);
    } finally {
      faults.refuseConnections = false;
    }
    await eventually("it works again", works, 15_000);
    expect(cloud.half.logged.join()).toContain("replySessionRefused");
  }, 30_000);
});

describe("the vault", () => {
  test("one signature serves all requests", async () => {
    await Promise.all(Array.from({ length: 5 }, works));
    expect(cloud.half.vault.signatures(SIGNING_KEY_NAME)).toBe(1);
  });

  test("the right withdrawn: 503 signingUnavailable for a new certificate, nothing sent", async () => {
    const { operator, vault, agent, publish, withdraw } = cloud.half;
    const key = await vault.createKey(SIGNING_KEY_NAME);
    withdraw(true);
    await operator.publish([key], [agent.entry]);
    const person = cloud.person();
    expect(await cloud.change(person)).toMatchObject({ status: 503, code: "signingUnavailable" });
    expect(cloud.executed(person)).toBe(0);
    withdraw(false);
    // The one key that the scripted agent believes: by another it would open nothing.
    await publish([agent.entry]);
    await eventually("it works again", works);
  });
});

describe("the tables", () => {
  test("an old trust list put back: 503, nothing sent", async () => {
    const trust = cloud.table("ground");
    const row = await trust.getEntity<{ jws: string }>("ground", "trust");
    await cloud.half.publish([cloud.half.agent.entry]);
    expect(await works()).toBe(true);
    await trust.upsertEntity({ partitionKey: "ground", rowKey: "trust", jws: row.jws }, "Replace");
    const person = cloud.person();
    expect(await cloud.change(person)).toMatchObject({ status: 503, code: "trustListUnavailable" });
    expect(cloud.executed(person)).toBe(0);
    await cloud.half.publish([cloud.half.agent.entry]);
    expect(await works()).toBe(true);
  });

  test("stopped: 503, nothing sent, and the trust list is not what fails", async () => {
    timersEndWithTests(2_000);
    await cloud.half.tables.stop();
    const person = cloud.person();
    expect(await cloud.change(person)).toMatchObject({ status: 503, code: "recordsUnavailable" });
    expect(cloud.executed(person)).toBe(0);
    expect(await cloud.half.running.parts.trust.current()).toMatchObject({ list: { version: 1 } });
  });
});
