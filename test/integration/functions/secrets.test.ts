import { inspect } from "node:util";
import { TABLES } from "../../../functions/records/tableDescriptions.ts";
import { eventually, TestCloud } from "./testCloud.ts";

const CURRENT = "Canary-Current-41-ü";
const NEW = "Canary-New-52-密";
/** Each canary as it is, and in the encodings in which it could hide. */
const CANARIES = [CURRENT, NEW].flatMap((text) => [
  text,
  JSON.stringify(text).slice(1, -1),
  encodeURIComponent(text),
  Buffer.from(text).toString("hex"),
  Buffer.from(text, "utf16le").toString("hex"),
  ...[0, 1, 2].map((shift) =>
    // A Base64 text holds it at one of three alignments; the ends depend on the neighbours.
    Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString("base64url")
      .slice(4, -4),
  ),
]);
const leaksIn = (text: string): string[] =>
  CANARIES.filter((canary) => text.includes(canary) || text.includes(canary.replaceAll("-", "+")));

let cloud: TestCloud;
const answers: string[] = [];
const bodies: Buffer[] = [];

beforeAll(async () => {
  cloud = await TestCloud.start();
  const { tokens } = cloud.half;
  const proof = { methods: ["email"], time: new Date().toISOString() };
  const user = cloud.person();
  const silent = cloud.silentPerson();
  const refused = cloud.person();
  cloud.answers(refused, () => ({ status: "failed", code: "passwordPolicyViolation" }));
  const both = { currentPassword: CURRENT, newPassword: NEW };
  const send = async (path: string, token: string, body: unknown) => {
    const headers = { "Idempotency-Key": "key-1", "client-request-id": "request-0001" };
    const answer = await cloud.send(path, { token, body, headers });
    answers.push(`${answer.text} ${JSON.stringify([...answer.headers])}`);
  };
  for (const person of [user, silent, refused]) {
    const token = await tokens.user(person);
    await send("/v1.0/me/changePassword", token, both);
    await send("/v1.0/me/changePassword", token, { ...both, [NEW]: NEW });
    await send("/v1.0/me/changePassword", token, { ...both, newPassword: [NEW] });
    await send("/v1.0/me/changePassword", token, { ...both, newPassword: NEW.repeat(20) });
  }
  const portal = await tokens.portal();
  await send("/v1.0/selfService/changePassword", portal, { ...both, user: refused.id, proof });
  await send("/v1.0/selfService/resetPassword", portal, { newPassword: NEW, user: NEW, proof });
  await cloud.half.heartbeat({ state: "stopping" });
  await send("/v1.0/me/changePassword", await tokens.user(cloud.person()), both);
  await cloud.half.heartbeat();
  await eventually("messages", () => cloud.half.agent.messages.length >= 4);
  for (const { body } of cloud.half.agent.messages) bodies.push(body as Buffer);
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

test("the agent got the passwords, so the canaries were on their way", () => {
  const [request] = cloud.half.agent.requests;
  expect(request).toMatchObject({ currentPassword: CURRENT, newPassword: NEW });
  expect(leaksIn(JSON.stringify(request)).length).toBeGreaterThan(1);
  const encoded = Buffer.from(`{"newPassword":"${NEW}"}`).toString("base64url");
  expect(leaksIn(encoded)).toHaveLength(1);
});

test("no log record has one", () => {
  expect(cloud.half.logged.length).toBeGreaterThan(5);
  expect(leaksIn(cloud.half.logged.join("\n"))).toEqual([]);
});

test("no answer has one", () => {
  expect(answers.length).toBeGreaterThan(10);
  expect(leaksIn(answers.join("\n"))).toEqual([]);
});

test("there are the tables that are described, and no others", async () => {
  const described = Object.values(TABLES).map(({ name }) => name);
  expect((await cloud.tableNames()).sort()).toEqual(described.sort());
});

test.each(Object.values(TABLES))("no row of the table $name has one", async ({ name }) => {
  const rows: string[] = [];
  for await (const row of cloud.table(name).listEntities()) rows.push(JSON.stringify(row));
  expect(rows.length).toBeGreaterThan(0);
  expect(leaksIn(rows.join("\n"))).toEqual([]);
});

test("no property and no body of a message has one", () => {
  const properties = inspect(cloud.half.agent.messages, { depth: 12, maxStringLength: null });
  expect(leaksIn(properties)).toEqual([]);
  for (const body of bodies) {
    expect(leaksIn(body.toString("utf8"))).toEqual([]);
    expect(leaksIn(body.toString("hex"))).toEqual([]);
    const { ciphertext } = JSON.parse(body.toString("utf8")) as { ciphertext: string };
    expect(leaksIn(Buffer.from(ciphertext, "base64url").toString("latin1"))).toEqual([]);
  }
});

test("all messages have one length", () => {
  expect(new Set(bodies.map(({ length }) => length)).size).toBe(1);
});
