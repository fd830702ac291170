import { randomUUID } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import { ApiError } from "../../../functions/http/apiError.ts";
import { purge } from "../../../functions/records/purge.ts";
import type { Tables } from "../../../functions/records/tables.ts";
import { timers } from "../../../functions/timers.ts";
import { idIn, pathOf, TestCloud } from "./testCloud.ts";

const HOUR_MS = 3_600_000;
const KEPT = ["reservations", "unresolved", "operations"] as const;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

const tables = (): Tables => ({
  operations: cloud.table("operations"),
  reservations: cloud.table("reservations"),
  unresolved: cloud.table("unresolved"),
  ground: cloud.table("ground"),
  throttle: cloud.table("throttle"),
  audit: cloud.table("audit"),
});
const listed = async () => (await cloud.half.running.parts.trust.current()).list.agents;
/** Deletes as it will be done so many hours from now. */
const purgeIn = (hours: number, changes: Partial<Tables> = {}): Promise<number> =>
  purge({ ...tables(), ...changes }, listed, () => Date.now() + hours * HOUR_MS);

async function rows(table: TableClient): Promise<number> {
  let count = 0;
  for await (const _ of table.listEntities()) count += 1;
  return count;
}

test("for a day an operation can be asked about and its key repeats it, then both are gone", async () => {
  const person = cloud.silentPerson();
  const key = { "Idempotency-Key": randomUUID() };
  const first = await cloud.change(person, key);
  expect(first.code).toBe("outcomeUnknown");
  const place = pathOf(first.headers.get("location"));
  const token = await cloud.half.tokens.user(person);

  expect(await purgeIn(24)).toBe(0);
  expect((await cloud.get(place, token)).status).toBe(200);
  const again = await cloud.change(person, key);
  expect(idIn(again.headers.get("location"))).toBe(idIn(place));
  expect(again.headers.get("idempotency-replayed")).toBe("true");

  // The operation, its row in the index, its key, and the attempt that it counted as.
  expect(await purgeIn(25.1)).toBe(4);
  for (const name of KEPT) expect(await rows(tables()[name])).toBe(0);
  expect((await cloud.get(place, token)).code).toBe("operationNotFound");
  cloud.answers(person, () => ({ status: "succeeded" }));
  expect((await cloud.change(person, key)).status).toBe(204);
});

test("attempts are kept as long as they count", async () => {
  await purgeIn(1_000);
  const person = cloud.person();
  cloud.answers(person, () => ({ status: "failed", code: "accountProtected" }));
  for (const _ of "12345") expect((await cloud.portalReset(person)).status).toBe(403);
  await purgeIn(23.9);
  expect((await cloud.portalReset(person)).code).toBe("resetLimitReached");
  await purgeIn(24.1);
  expect(await rows(cloud.table("throttle"))).toBe(0);
});

test("agents, the trust list and the settings stay", async () => {
  await purgeIn(1_000);
  expect(await rows(cloud.table("ground"))).toBe(3);
  expect((await cloud.change(cloud.person())).status).toBe(204);
});

test("what an agent said last goes a day after that, once the list names it no more", async () => {
  await purgeIn(1_000);
  const { entry } = cloud.half.agent;
  const heard = () => rows(cloud.table("ground")).then((all) => all - 2);
  await cloud.half.publish([]);
  expect(await purgeIn(24)).toBe(0);
  expect(await heard()).toBe(1);
  const unknown = () => Promise.reject(new ApiError("trustListUnavailable"));
  const later = () => Date.now() + 26 * HOUR_MS;
  await expect(purge(tables(), unknown, later)).rejects.toThrow("recordsUnavailable");
  expect(await heard()).toBe(1);
  expect(await purgeIn(25.1)).toBe(1);
  expect(await heard()).toBe(0);
  await cloud.half.publish([entry]);
  expect((await cloud.half.heartbeat()).status).toBe(200);
  expect(await heard()).toBe(1);
});

test("more rows than are deleted at once", async () => {
  await purgeIn(1_000);
  const { operations } = tables();
  const row = () => operations.createEntity({ partitionKey: randomUUID(), rowKey: "operation" });
  await Promise.all(Array.from({ length: 130 }, row));
  expect(await purgeIn(26)).toBe(130);
});

test("a run ends in time, and the next one goes on", async () => {
  await purgeIn(1_000);
  const { reservations } = tables();
  const row = () =>
    reservations.createEntity({ partitionKey: randomUUID(), rowKey: "reservation" });
  await Promise.all(Array.from({ length: 60 }, row));
  let now = Date.now() + 26 * HOUR_MS;
  const hurried = await purge(tables(), listed, () => {
    now += 61_000;
    return now;
  });
  expect(hurried).toBeLessThan(60);
  expect(hurried).toBeGreaterThan(0);
  expect(await purgeIn(26)).toBe(60 - hurried);
});

test("a reservation that is taken anew while the old one goes is not lost", async () => {
  await purgeIn(1_000);
  const { reservations } = tables();
  const taken = { partitionKey: "own-1", rowKey: "reservation" };
  await reservations.createEntity({ ...taken, operationId: "first" });
  const late = {
    listEntities: reservations.listEntities.bind(reservations),
    deleteEntity: async (...row: Parameters<TableClient["deleteEntity"]>) => {
      await reservations.updateEntity({ ...taken, operationId: "second" }, "Replace");
      return reservations.deleteEntity(...row);
    },
  } as unknown as TableClient;
  expect(await purgeIn(26, { reservations: late })).toBe(0);
  expect(await reservations.getEntity("own-1", "reservation")).toMatchObject({
    operationId: "second",
  });
});

test("the timer says how many went, and that it failed without saying what it read", async () => {
  const { parts } = cloud.half.running;
  const said: unknown[] = [];
  const log = {
    info: (event: string, fields: object) => said.push([event, fields]),
    error: (event: string, fields: object) => said.push([event, fields]),
  };
  const [timer] = timers;
  await timer?.run(parts, log);
  const failing = async () => {
    throw new Error("with a secret", { cause: new TypeError("with another") });
  };
  await timer?.run({ ...parts, purge: failing }, log);
  expect(said).toEqual([
    ["recordsPurged", { rows: 0 }],
    ["recordsNotPurged", { cause: "TypeError" }],
  ]);
});
