import { randomUUID } from "node:crypto";
import { decodeJwt } from "jose";
import { CONNECTOR } from "../../../local/samples.ts";
import { eventually, idIn, pathOf, TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.heartbeat());

const outcome = (request: string, wishes = {}) => ({
  version: 1,
  request,
  agent: "agent-1",
  status: "succeeded",
  ...wishes,
});
const tell = async (outcomes: unknown[], id = "agent-1", token?: string) =>
  cloud.send(`/v1.0/agents/${id}/outcomes`, {
    token: token ?? (await cloud.half.tokens.agent()),
    body: { version: 1, outcomes },
  });
async function unresolved(): Promise<string[]> {
  const { answer } = (await (await cloud.half.heartbeat()).json()) as { answer: string };
  return decodeJwt(answer).unresolved as string[];
}
/** Somebody of whose change nobody knows how it ended, and where its operation is. */
async function lost(person = cloud.unresolvedPerson()) {
  const { code, headers } = await cloud.change(person);
  expect(code).toBe("outcomeUnknown");
  const location = headers.get("location");
  const status = async () =>
    (await cloud.get(pathOf(location), await cloud.half.tokens.user(person))).body;
  return { person, id: idIn(location), status };
}

test("an operation that nobody answered is named, concluded once, and named no more", async () => {
  const { person, id, status } = await lost(cloud.silentPerson());
  await eventually("it is named", async () => (await unresolved()).includes(id));
  expect(await status()).toMatchObject({ status: "running" });
  expect((await cloud.change(person)).code).toBe("operationInProgress");
  expect((await tell([outcome(id)])).status).toBe(204);
  expect(await status()).toMatchObject({ status: "succeeded" });
  expect((await tell([outcome(id, { status: "failed", code: "superseded" })])).status).toBe(204);
  expect(await status()).toMatchObject({ status: "succeeded" });
  expect(await unresolved()).not.toContain(id);
  cloud.answers(person, () => ({ status: "succeeded" }));
  expect((await cloud.change(person)).status).toBe(204);
});

test("what read unknown after 15 minutes is corrected", async () => {
  const { id, status } = await lost();
  const table = cloud.table("operations");
  const row = await table.getEntity<{ createdAt: number }>(id, "operation");
  const createdAt = row.createdAt - 16 * 60_000;
  await table.updateEntity({ partitionKey: id, rowKey: "operation", createdAt }, "Merge");
  expect(await status()).toMatchObject({ status: "unknown" });
  await tell([outcome(id, { status: "failed", code: "superseded" })]);
  expect(await status()).toMatchObject({ status: "failed", error: { code: "superseded" } });
});

test("another connector's operation, or none, is passed over", async () => {
  const { id, status } = await lost();
  const { entry } = cloud.half.agent;
  await cloud.half.publish([{ ...entry, connector: "other" }]);
  expect((await tell([outcome(id), outcome(randomUUID())])).status).toBe(204);
  await cloud.half.publish([entry]);
  expect(await status()).toMatchObject({ status: "running" });
});

test("what cannot be read, unknown, or another agent's costs only itself", async () => {
  const { id, status } = await lost();
  const bad = [
    outcome(id, { status: "unknown" }),
    outcome(id, { agent: "agent-2" }),
    outcome(id, { detail: { mustChangeApplied: "yes" } }),
    outcome("no id"),
    null,
  ];
  expect((await tell(bad)).status).toBe(204);
  expect(await status()).toMatchObject({ status: "running" });
  expect((await tell([...bad, outcome(id)])).status).toBe(204);
  expect(await status()).toMatchObject({ status: "succeeded" });
});

test("what a newer agent adds is left out, and the rest counts", async () => {
  const { id, status } = await lost();
  const detail = { wasLocked: true, mood: "good" };
  const told = outcome(id, { detail, seconds: 3, directory: { server: "dc1", text: "…" } });
  const body = { version: 1, outcomes: [told], mood: "good" };
  const token = await cloud.half.tokens.agent();
  expect((await cloud.send("/v1.0/agents/agent-1/outcomes", { token, body })).status).toBe(204);
  expect(await status()).toMatchObject({ status: "succeeded", wasLocked: true });
  expect(JSON.stringify(await status())).not.toMatch(/mood|seconds/);
});

test("too many, none, another agent's road, and who is no agent are refused", async () => {
  const { id, status } = await lost();
  const many = Array.from({ length: 9 }, () => outcome(id));
  for (const wrong of [many, []])
    expect(await tell(wrong)).toMatchObject({ status: 400, code: "invalidRequest" });
  expect(await tell([outcome(id)], "agent-2")).toMatchObject({ code: "agentNotListed" });
  const token = await cloud.half.tokens.portal();
  expect(await tell([outcome(id)], "agent-1", token)).toMatchObject({ code: "accessDenied" });
  expect(await status()).toMatchObject({ status: "running" });
});

test.each([
  ["no reply comes", undefined],
  ["the reply says unknown", { status: "unknown", code: "outcomeUnknown" } as const],
])(
  "%s, but another instance heard the truth meanwhile: the caller is told it",
  async (_, reply) => {
    const [done, refused] = [cloud.person(), cloud.person()];
    cloud.answers(done, async ({ jti }) => {
      await tell([outcome(jti)]);
      return reply;
    });
    cloud.answers(refused, async ({ jti }) => {
      await tell([outcome(jti, { status: "failed", code: "superseded" })]);
      return reply;
    });
    const answers = await Promise.all([cloud.change(done), cloud.change(refused)]);
    expect(answers).toMatchObject([{ status: 204 }, { code: "superseded" }]);
  },
);

test("of more than fit into an answer the newest are named", async () => {
  const table = cloud.table("unresolved");
  const rowKeys = Array.from({ length: 103 }, () => randomUUID());
  const later = Date.now() + 3_600_000;
  await Promise.all(
    rowKeys.map((rowKey, at) =>
      table.createEntity({
        partitionKey: CONNECTOR,
        rowKey,
        operationId: rowKey,
        createdAt: later + at,
        dueAt: 0,
      }),
    ),
  );
  expect(await unresolved()).toEqual(rowKeys.slice(3).reverse());
  await Promise.all(rowKeys.map((rowKey) => table.deleteEntity(CONNECTOR, rowKey)));
});

test("what was answered in time leaves nothing behind to be named", async () => {
  const rows = async () => {
    const ids: unknown[] = [];
    for await (const { rowKey } of cloud.table("unresolved").listEntities()) ids.push(rowKey);
    return ids;
  };
  const before = await rows();
  expect((await cloud.change(cloud.person())).status).toBe(204);
  const isAsBefore = async () => String(await rows()) === String(before);
  await eventually("nothing is left", isAsBefore);
});
