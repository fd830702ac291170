import { isLive } from "../../../functions/records/agents.ts";
import { agentRow } from "../../../functions/records/groundRows.ts";
import type { GraphPerson } from "../../../local/identity/people.ts";
import { CONNECTOR } from "../../../local/samples.ts";
import { ADMINISTRATORS } from "../../../local/stack/tenant.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

const sent = () => cloud.half.broker.queue(requestsQueueName(CONNECTOR)).stats.enqueued;

test.each<[string, Partial<GraphPerson>, number, string]>([
  [
    "a cloud-only person",
    { onPremisesSyncEnabled: null, onPremisesImmutableId: null, onPremisesDomainName: null },
    409,
    "userNotSynchronized",
  ],
  [
    "a person who is no longer synchronised",
    { onPremisesSyncEnabled: false },
    409,
    "userNotSynchronized",
  ],
  ["a person without an anchor", { onPremisesImmutableId: null }, 409, "userWithoutAnchor"],
  ["a person with a short anchor", { onPremisesImmutableId: "c2hvcnQ=" }, 409, "userWithoutAnchor"],
  [
    "a person of a domain without a connector",
    { onPremisesDomainName: "other.example" },
    409,
    "domainWithoutConnector",
  ],
  ["a person without a domain", { onPremisesDomainName: null }, 409, "domainWithoutConnector"],
])("%s is refused with a code of its own, and nothing is sent", async (_, facts, status, code) => {
  const before = sent();
  expect(await cloud.change(cloud.person(facts))).toMatchObject({ status, code });
  expect(sent()).toBe(before);
});

test("somebody whom Graph does not know is 404 on every route", async () => {
  const nobody = { ...cloud.person(), id: "00000000-0000-4000-8000-000000000000" };
  for (const answer of [
    await cloud.change(nobody),
    await cloud.portalReset(nobody),
    await cloud.adminReset(nobody),
  ])
    expect(answer).toMatchObject({ status: 404, code: "userNotFound" });
});

test("a person is found by UPN as by object id", async () => {
  const person = cloud.person();
  const token = await cloud.half.tokens.helpdesk();
  for (const id of [person.id, person.id.toUpperCase(), `${person.name}@corp.example`]) {
    const path = `/v1.0/users/${encodeURIComponent(id)}/unlockAccount`;
    expect((await cloud.send(path, { token })).status).toBe(200);
  }
  expect(cloud.executed(person)).toBe(3);
});

test("administrators cannot use their route on themselves", async () => {
  const path = `/v1.0/users/${ADMINISTRATORS.helpdesk.objectId}/unlockAccount`;
  const answer = await cloud.send(path, { token: await cloud.half.tokens.helpdesk() });
  expect(answer).toMatchObject({ status: 403, code: "ownAccount" });
});

describe("Microsoft Graph in trouble", () => {
  afterEach(() => cloud.half.identity.graph.recover());

  test("one 503 is tried again and nobody notices", async () => {
    cloud.half.identity.graph.fail({ status: 503 });
    expect((await cloud.change(cloud.person())).status).toBe(204);
  });

  test("503 throughout is 503 with Retry-After, and nothing is sent", async () => {
    const before = sent();
    cloud.half.identity.graph.fail({ status: 503 }, 10);
    const answer = await cloud.change(cloud.person());
    expect(answer).toMatchObject({ status: 503, code: "userFactsUnavailable" });
    expect(answer.headers.get("retry-after")).toBe("30");
    expect(sent()).toBe(before);
  });

  test("so is a Graph that takes too long", async () => {
    cloud.half.identity.graph.fail({ delayMs: 5_500 }, 10);
    const answer = await cloud.change(cloud.person());
    expect(answer).toMatchObject({ status: 503, code: "userFactsUnavailable" });
  }, 10_000);
});

describe("no live agent", () => {
  const available = async () => {
    const path = "/v1.0/selfService/availability";
    return (await cloud.get(path, await cloud.half.tokens.portal())).body;
  };
  afterEach(() => cloud.half.heartbeat());

  async function refusedAtOnce(): Promise<void> {
    const before = sent();
    expect(await available()).toMatchObject({
      available: false,
      reason: "noLiveAgent",
      connectors: [{ name: CONNECTOR, available: false }],
    });
    const began = Date.now();
    const answer = await cloud.change(cloud.person());
    expect(Date.now() - began).toBeLessThan(2_000);
    expect(answer).toMatchObject({ status: 503, code: "noLiveAgent" });
    expect(answer.headers.get("retry-after")).toBe("30");
    expect(sent()).toBe(before);
  }

  test("with one that listens it is available", async () => {
    expect(await available()).toMatchObject({
      available: true,
      reason: null,
      connectors: [{ name: CONNECTOR, domains: ["corp.example"], available: true }],
    });
  });

  test.each([{ state: "stopping" }, { state: "waiting" }, { relay: "down" }])(
    "an agent that says %p takes nothing",
    async (changes) => {
      await cloud.half.heartbeat(changes);
      await refusedAtOnce();
    },
  );

  test("an agent that was last heard 76 seconds ago counts as gone", async () => {
    const table = cloud.table("ground");
    const row = agentRow(CONNECTOR, "agent-1");
    await table.updateEntity({ ...row, heardAt: Date.now() - 76_000 }, "Merge");
    await refusedAtOnce();
    await table.updateEntity({ ...row, heardAt: Date.now() - 70_000 }, "Merge");
    expect((await cloud.change(cloud.person())).status).toBe(204);
  });

  test("75 seconds is the limit, to the millisecond", () => {
    const agent = {
      connector: "corp",
      id: "agent-1",
      counter: 1,
      state: "listening",
      relay: "up",
      directory: "up",
      agentVersion: "1",
      serial: 1,
      heardAt: 1_000,
    } as const;
    expect(isLive(agent, 76_000)).toBe(true);
    expect(isLive(agent, 76_001)).toBe(false);
  });

  test("an agent that is live but no longer in the trust list does not count", async () => {
    await cloud.half.publish([]);
    await refusedAtOnce();
    await cloud.half.publish([{ ...cloud.half.agent.entry, expires: Date.now() / 1_000 - 1 }]);
    await refusedAtOnce();
    await cloud.half.publish([cloud.half.agent.entry]);
  });
});
