import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { ACTIVITIES } from "../../../functions/audit/activity.ts";
import type { AuditRecord } from "../../../functions/audit/auditRecord.ts";
import type { Parts } from "../../../functions/parts.ts";
import { auditKeys } from "../../../functions/records/auditKeys.ts";
import { purgeAudit } from "../../../functions/records/auditPurge.ts";
import { auditReader } from "./auditReader.ts";
import { TestCloud } from "./testCloud.ts";

const DAY_MS = 86_400_000;

let cloud: TestCloud;
let parts: Parts;
beforeAll(async () => {
  cloud = await TestCloud.start();
  ({ parts } = cloud.half.running);
});
afterAll(() => cloud.half.stop());

const read = auditReader(() => cloud);

/** Records of long ago, two hours apart, over two midnights. */
const LONG_AGO = Date.UTC(2021, 2, 1);
const ACTOR = randomUUID();
const old = (at: number, changes: Partial<AuditRecord> = {}): AuditRecord => ({
  id: randomUUID(),
  at,
  activity: ACTIVITIES.adminReset.name,
  category: "UserManagement",
  type: "Update",
  result: "success",
  actorKind: "user",
  actorId: ACTOR,
  requestId: randomUUID(),
  ...changes,
});

describe("records of long ago", () => {
  const span = {
    from: new Date(LONG_AGO).toISOString(),
    to: new Date(LONG_AGO + 3 * DAY_MS).toISOString(),
  };
  const all = Array.from({ length: 25 }, (_, at) =>
    old(LONG_AGO + at * 7_200_000, at % 5 === 0 ? { targetName: "O'Neil@corp.example" } : {}),
  );
  beforeAll(() => Promise.all(all.map((record) => parts.auditRecords.add(record))));
  const newestFirst = all.map(({ id }) => id).reverse();

  async function pages(query: Record<string, string>): Promise<string[][]> {
    const found: string[][] = [];
    let answer = await read(query);
    for (;;) {
      expect(answer.status).toBe(200);
      found.push(answer.value.map(({ id }) => id));
      const next = answer.body["@odata.nextLink"] as string | undefined;
      if (next === undefined) return found;
      answer = await read(new URL(next).pathname + new URL(next).search);
    }
  }

  test("come page by page, the newest first, each once, over days", async () => {
    const found = await pages({ ...span, $top: "4" });
    expect(found.flat()).toEqual(newestFirst);
    for (const page of found) expect(page.length).toBeLessThanOrEqual(4);
    expect((await pages({ ...span, $top: "1000" })).flat()).toEqual(newestFirst);
  });

  test("a time and its ends", async () => {
    const [from, to] = [3, 7].map((at) => new Date(LONG_AGO + at * 7_200_000).toISOString());
    const found = await pages({ from: from ?? "", to: to ?? "" });
    expect(found.flat()).toEqual(newestFirst.slice(25 - 8, 25 - 3));
  });

  test("of an actor, a target by name in any case, an activity", async () => {
    for (const actor of [ACTOR, ACTOR.toUpperCase()])
      expect((await pages({ ...span, actor })).flat()).toEqual(newestFirst);
    expect((await pages({ ...span, actor: randomUUID() })).flat()).toEqual([]);
    expect((await pages({ ...span, target: "o'neil@CORP.example" })).flat()).toHaveLength(5);
    const { activity } = all[0] as AuditRecord;
    expect((await pages({ ...span, activity, $top: "9" })).flat()).toEqual(newestFirst);
    expect((await pages({ ...span, activity: ACTIVITIES.change.name })).flat()).toEqual([]);
  });

  test("a time before there was any holds all that came after it", async () => {
    for (const from of ["1900-01-01T00:00:00Z", "1969-12-31T23:00:00Z"])
      expect((await pages({ ...span, from })).flat()).toEqual(expect.arrayContaining(newestFirst));
  });

  test("a row that is no record hides no other one, and is an alert", async () => {
    const at = LONG_AGO - 40 * DAY_MS;
    const honest = [old(at), old(at + 2)];
    for (const record of honest) await parts.auditRecords.add(record);
    const spoilt = [{ at: "soon" }, { ...old(at + 1), changes: "{" }, { result: "denied" }];
    for (const [n, row] of spoilt.entries())
      await cloud
        .table("audit")
        .createEntity({ ...row, ...auditKeys({ id: `spoilt-${n}`, at: at + 1 }) });
    const [from, to] = [at, at + 2].map((time) => new Date(time).toISOString());
    const answer = await read({ from: from ?? "", to: to ?? "" });
    expect(answer.value.map(({ id }) => id)).toEqual(honest.map(({ id }) => id).reverse());
    const alert = cloud.half.logged.find((line) => line.includes('"event":"auditUnreadable"'));
    expect(JSON.parse(alert ?? "{}")).toMatchObject({ rows: 3 });
  });

  test.each<[string, Record<string, string>]>([
    ["actor", { actor: "x' or actorId ne '" }],
    ["target", { target: "x' or PartitionKey ne ''" }],
    ["activity", { activity: "x' or activity ne 'x" }],
    ["from", { from: "yesterday" }],
    ["to", { to: "2021-03-01" }],
    ["from", { from: "2021-03-02T00:00:00Z", to: "2021-03-01T00:00:00Z" }],
    ["$top", { $top: "0" }],
    ["$top", { $top: "1001" }],
    ["$filter", { $filter: "activityDateTime ge 2021-03-01" }],
    ["$skiptoken", { $skiptoken: "" }],
    ["$skiptoken", { $skiptoken: Buffer.from('{"nextPartitionKey":"x"}').toString("base64") }],
  ])("a wrong %s is refused, not passed over: %j", async (target, query) => {
    const answer = await read(query);
    expect(answer).toMatchObject({ status: 400, code: "invalidRequest" });
    expect(answer.body.error).toMatchObject({ target });
  });

  test("a name that is twice, and a place in another list, are refused", async () => {
    const path = `/v1.0/auditLogs/directoryAudits?actor=${ACTOR}&actor=${randomUUID()}`;
    expect((await read(path)).body.error).toMatchObject({ target: "actor" });
    const { body } = await read({ ...span, $top: "4" });
    const next = new URL(body["@odata.nextLink"] as string);
    next.searchParams.set("actor", ACTOR);
    expect((await read(next.pathname + next.search)).body.error).toMatchObject({
      target: "$skiptoken",
    });
  });

  test("a name with a quote matches itself and ends no literal", async () => {
    const tricky = "x'or'1@corp.example";
    expect((await pages({ ...span, target: tricky })).flat()).toEqual([]);
  });

  test("many writers at once: each record once, whoever writes it and how often", async () => {
    const at = LONG_AGO - 10 * DAY_MS;
    const few = Array.from({ length: 8 }, (_, n) => old(at + n));
    const tries = few.flatMap((record) => [record, record, record]);
    await Promise.all(tries.map((record) => parts.auditRecords.add(record)));
    const to = new Date(at + 1_000).toISOString();
    const found = (await pages({ from: new Date(at).toISOString(), to })).flat();
    expect(found).toEqual(few.map(({ id }) => id).reverse());
  });

  test("a run of the purge ends in time, and the next one goes on", async () => {
    const day = Date.UTC(2019, 5, 15);
    const some = Array.from({ length: 220 }, () => old(day - 50 * DAY_MS));
    await Promise.all(some.map((record) => parts.auditRecords.add(record)));
    let now = day;
    const hurried = await purgeAudit(cloud.table("audit"), 30, () => {
      now += 31_000;
      return now;
    });
    expect([hurried > 0, hurried < 220]).toEqual([true, true]);
    expect(await purgeAudit(cloud.table("audit"), 30, () => day)).toBe(220 - hurried);
  });

  test("a host whose clock is ahead deletes nothing that is kept", async () => {
    const young = old(Date.now() - DAY_MS);
    await parts.auditRecords.add(young);
    const nextYear = () => Date.now() + 366 * DAY_MS;
    await purgeAudit(cloud.table("audit"), 30, nextYear);
    expect(await parts.auditRecords.ids(young.at, young.at)).toContain(young.id);
  });

  test("whole days go when they are over age, and nothing younger", async () => {
    const days = 30;
    const day = Date.UTC(2020, 5, 15);
    const kept = old(day - days * DAY_MS);
    const [justOver, farOver] = [old(day - days * DAY_MS - 1), old(day - 400 * DAY_MS)];
    const more = Array.from({ length: 130 }, () => old(day - 100 * DAY_MS));
    for (const record of [kept, justOver, farOver]) await parts.auditRecords.add(record);
    await Promise.all(more.map((record) => parts.auditRecords.add(record)));
    const noon = day + DAY_MS / 2;
    expect(await purgeAudit(cloud.table("audit"), days, () => noon)).toBe(132);
    expect(await purgeAudit(cloud.table("audit"), days, () => noon)).toBe(0);
    const left = await parts.auditRecords.ids(0, Date.UTC(2020, 11, 1));
    expect([...left]).toEqual([kept.id]);
  });
});

describe("the calls of docs/audit.md", () => {
  const page = readFileSync("docs/audit.md", "utf8");
  const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

  test.each(commands)("%s", async (command) => {
    const path = /127\.0\.0\.1:7071([^"]+)"/.exec(command)?.[1] ?? "";
    const url = new URL(path.replaceAll("\\", ""), "http://127.0.0.1");
    for (const [, name = "", value = ""] of command.matchAll(/--data-urlencode "(\w+)=([^"]+)"/g))
      url.searchParams.set(name, value);
    const answer = await read(url.pathname + url.search);
    expect(answer).toMatchObject({ status: 200, body: { value: expect.any(Array) } });
  });

  test("are there", () => {
    expect(commands.length).toBeGreaterThanOrEqual(3);
  });
});
