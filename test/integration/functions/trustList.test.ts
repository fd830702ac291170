import { randomBytes } from "node:crypto";
import { MAX_TRUST_LIST_CHARACTERS } from "../../../protocol/limits.ts";
import type { TrustedAgent } from "../../../protocol/trustList.ts";
import { type Answer, eventually, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());

const PATH = "/v1.0/trustList";
const ROW = { partitionKey: "ground", rowKey: "trust" };
const token = () => cloud.half.tokens.globalAdministrator();
const read = async (): Promise<string> =>
  String((await cloud.get(PATH, await token())).body.trustList);
const put = async (trustList: unknown): Promise<Answer> =>
  cloud.send(PATH, { token: await token(), method: "PUT", body: { trustList } });
const sign = (agents: readonly TrustedAgent[] = [cloud.half.agent.entry]): Promise<string> =>
  cloud.half.operator.sign([cloud.half.signingKey], agents);
const another = (id: string): TrustedAgent => ({
  ...cloud.half.agent.entry,
  id,
  servicePrincipal: "7d3c2f10-0000-4000-8000-00000000b998",
});

test("a list that follows is in force with the next call, and is read as it was signed", async () => {
  const next = await sign([]);
  expect(await put(next)).toMatchObject({ status: 200, body: { serial: expect.any(Number) } });
  expect(await read()).toBe(next);
  expect((await cloud.half.heartbeat()).status).toBe(403);
  expect((await put(await sign())).status).toBe(200);
  expect((await cloud.half.heartbeat()).status).toBe(200);
});

test("the same list again is no error and changes nothing", async () => {
  const next = await sign();
  expect((await put(next)).status).toBe(200);
  const { etag } = await cloud.table("ground").getEntity(ROW.partitionKey, ROW.rowKey);
  expect((await put(next)).status).toBe(200);
  expect((await cloud.table("ground").getEntity(ROW.partitionKey, ROW.rowKey)).etag).toBe(etag);
});

test("a list that does not follow is refused", async () => {
  const [older, newer] = [await sign(), await sign()];
  expect((await put(newer)).status).toBe(200);
  expect(await put(older)).toMatchObject({ status: 409, code: "trustListSuperseded" });
  expect(await read()).toBe(newer);
});

test("of lists that come at once, the row ends with the newest that was taken", async () => {
  const lists = await Promise.all(Array.from({ length: 6 }, () => sign()));
  const answers = await Promise.all(lists.map(put));
  const taken = lists.filter((_, at) => answers[at]?.status === 200);
  expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual(
    Array.from({ length: lists.length - taken.length }, () => 409),
  );
  expect(taken).toContain(await read());
});

test.each<[string, () => Promise<unknown>, string]>([
  ["by another key", async () => (await sign()).replace(/.{8}$/, "AAAAAAAA"), "trustList"],
  ["that is none", async () => "x.y.z", "trustList"],
  ["with an agent twice", () => sign([cloud.half.agent.entry, another("agent-1")]), "agentTwice"],
  [
    "with a key of two agents",
    () => sign([cloud.half.agent.entry, another("agent-2")]),
    "encryptionKeyTwice",
  ],
  [
    "with a key under the name of another",
    () => sign([{ ...another("agent-2"), kid: randomBytes(32).toString("base64url") }]),
    "kidOfAnotherKey",
  ],
])("a list %s is refused", async (_, trustList, target) => {
  const before = await read();
  const answer = await put(await trustList());
  expect(answer).toMatchObject({ status: 400, code: "trustListRefused" });
  expect(answer.body.error?.target).toBe(target);
  expect(await read()).toBe(before);
});

test("a list by a clock that is ahead is refused: its keys would last too long", async () => {
  const { parts } = cloud.half.running;
  const { now } = parts;
  const next = await sign();
  Object.assign(parts, { now: () => now() - 3_700_000 });
  const answer = await put(next).finally(() => Object.assign(parts, { now }));
  expect(answer).toMatchObject({ status: 400, body: { error: { target: "iat" } } });
  expect((await put(next)).status).toBe(200);
});

test("a list may be longer than other bodies, and not longer than a row takes", async () => {
  expect(await put("x".repeat(MAX_TRUST_LIST_CHARACTERS))).toMatchObject({
    code: "trustListRefused",
  });
  expect(await put("x".repeat(MAX_TRUST_LIST_CHARACTERS + 1))).toMatchObject({
    status: 400,
    code: "invalidRequest",
  });
  expect(await put("x".repeat(MAX_TRUST_LIST_CHARACTERS + 2_000))).toMatchObject({
    status: 413,
    code: "bodyTooLarge",
  });
});

describe("a row that somebody has written to", () => {
  const table = () => cloud.table("ground");

  test("is shown as it lies there, and replaced by the list that the root key's tag counts", async () => {
    const { half } = cloud;
    await half.publish([half.agent.entry]);
    const good = await read();
    const altered = good.replace(/.{8}$/, "AAAAAAAA");
    for (const spoil of [altered, "not a list"]) {
      await table().upsertEntity({ ...ROW, jws: spoil }, "Replace");
      expect(await read()).toBe(spoil);
      expect(await cloud.change(cloud.person())).toMatchObject({ code: "trustListUnavailable" });
      expect((await put(good)).status).toBe(200);
      expect((await cloud.change(cloud.person())).status).toBe(204);
    }
  });

  test("is replaced where an older list was put back, but not by one older than the tag", async () => {
    const { half } = cloud;
    await half.publish([half.agent.entry]);
    const [old, unpublished] = [await read(), await sign()];
    await half.publish([half.agent.entry]);
    const newest = await read();
    await table().upsertEntity({ ...ROW, jws: old }, "Replace");
    expect(await put(unpublished)).toMatchObject({ status: 409, code: "trustListSuperseded" });
    expect((await put(newest)).status).toBe(200);
  });

  test("is made again where it was deleted; until then there is none", async () => {
    const good = await read();
    await table().deleteEntity(ROW.partitionKey, ROW.rowKey);
    const none = await cloud.get(PATH, await token());
    expect(none).toMatchObject({ status: 404, code: "trustListNotFound" });
    expect((await put(good)).status).toBe(200);
    expect(await read()).toBe(good);
  });
});

test("while the root key's tag cannot be read nothing is put in force", async () => {
  const next = await sign();
  cloud.half.withdraw(true);
  expect(await put(next)).toMatchObject({ status: 503, code: "signingUnavailable" });
  cloud.half.withdraw(false);
  expect((await put(next)).status).toBe(200);
});

test("what a list changes is in the audit: serial, who came and who went", async () => {
  const { headers, status } = await put(await sign([]));
  expect(status).toBe(200);
  const path = "/v1.0/auditLogs/directoryAudits?$top=20";
  let record: Record<string, unknown> | undefined;
  await eventually("the record", async () => {
    const { value } = (await cloud.get(path, await token())).body;
    record = (value as Record<string, unknown>[]).find(
      ({ id }) => id === headers.get("request-id"),
    );
    return record !== undefined;
  });
  expect(record?.activityDisplayName).toBe("Update trust list of password writeback");
  const told = JSON.stringify(record?.targetResources);
  expect(told).toContain('"serial"');
  expect(told).toContain(`"agent ${cloud.half.agent.entry.id}"`);
  expect((await put(await sign())).status).toBe(200);
});
