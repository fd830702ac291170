import { readConfiguration } from "../../../functions/configuration.ts";
import { buildParts } from "../../../functions/parts.ts";
import { FIRST_TRUST_ROW } from "../../../functions/records/firstTrustList.ts";
import { TRUST_ROW } from "../../../functions/records/groundRows.ts";
import { signTrustList, type TrustList } from "../../../protocol/trustList.ts";
import { claimsOf } from "../../unit/protocol/forge.ts";
import { type KeyPair, newKeyPair } from "../../unit/protocol/world.ts";
import { startSecondInstance } from "./secondInstance.ts";
import { TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
/** In force before the functions were upgraded, and one before that. */
let genuine: string;
let older: string;
let other: KeyPair;
beforeAll(async () => {
  other = await newKeyPair("root");
  cloud = await TestCloud.start();
  older = await read();
  await cloud.half.publish([cloud.half.agent.entry]);
  genuine = await read();
  await cloud.table("trust").createTable();
});
afterAll(() => cloud?.half.stop());

const listIn = (jws: string) => claimsOf(jws) as TrustList;
const PATH = "/v1.0/trustList";
const { partitionKey, rowKey } = TRUST_ROW;
const read = async () =>
  String((await cloud.table("ground").getEntity<{ jws: string }>(partitionKey, rowKey)).jws);
const put = async (trustList: string) =>
  cloud.send(PATH, {
    token: await cloud.half.tokens.globalAdministrator(),
    method: "PUT",
    body: { trustList },
  });
const published = async () =>
  (await cloud.get(PATH, await cloud.half.tokens.globalAdministrator())).body.trustList;
/** As the tables are when functions of the first version have just been replaced. */
beforeEach(async () => {
  await cloud.table("ground").deleteEntity(partitionKey, rowKey);
  await putFirst(genuine);
});
const putFirst = (jws: unknown) =>
  cloud.table("trust").upsertEntity({ ...FIRST_TRUST_ROW, jws }, "Replace");
afterEach(async () => {
  await cloud.table("ground").upsertEntity({ ...TRUST_ROW, jws: genuine }, "Replace");
  await cloud.half.heartbeat();
});

test("until one is published the list in the first version's place is in force", async () => {
  expect((await cloud.change(cloud.person())).status).toBe(204);
  expect(await published()).toBe(genuine);
  const fresh = await startSecondInstance(cloud.half);
  expect((await fresh.running.parts.trust.current()).jws).toBe(genuine);
  await fresh.stop();
});

test("the same list, published again, moves to today's place", async () => {
  expect((await put(genuine)).status).toBe(200);
  expect(await read()).toBe(genuine);
  await putFirst("spoilt");
  expect((await cloud.change(cloud.person())).status).toBe(204);
});

test("the next list follows it, an older one does not", async () => {
  expect(await put(older)).toMatchObject({ status: 409, code: "trustListSuperseded" });
  const { operator, signingKey, agent } = cloud.half;
  const next = await operator.sign([signingKey], [agent.entry]);
  expect((await put(next)).status).toBe(200);
  genuine = await read();
  expect(genuine).toBe(next);
});

test.each<[string, () => Promise<unknown>]>([
  ["an older list", async () => older],
  ["a list by another key", async () => signTrustList(listIn(genuine), other.signer)],
  ["what is no list", async () => ""],
])("%s in the first version's place is refused as anywhere: nothing is sent", async (_, lies) => {
  await putFirst(await lies());
  const person = cloud.person();
  expect(await cloud.change(person)).toMatchObject({ code: "trustListUnavailable" });
  expect(cloud.executed(person)).toBe(0);
});

test("an older list there is refused by functions that have just started, too", async () => {
  await putFirst(older);
  const log = { info: () => {}, error: () => {} };
  const fresh = buildParts(readConfiguration(cloud.half.settings), log);
  await expect(fresh.start()).rejects.toMatchObject({ code: "trustListUnavailable" });
  await expect(fresh.parts.trust.current()).rejects.toMatchObject({ code: "trustListUnavailable" });
  await fresh.stop();
});
