import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readConfiguration } from "../../../functions/configuration.ts";
import { buildParts } from "../../../functions/parts.ts";
import { agentRow, TRUST_ROW } from "../../../functions/records/groundRows.ts";
import { hostListener } from "../../../local/host/server.ts";
import { CONNECTOR } from "../../../local/samples.ts";
import type { TrustedAgent } from "../../../protocol/trustList.ts";
import { signTrustList } from "../../../protocol/trustList.ts";
import { claimsOf, headerOf, partsOf, unsigned } from "../../unit/protocol/forge.ts";
import { newAgent, newKeyPair } from "../../unit/protocol/world.ts";
import { TestCloud } from "../functions/testCloud.ts";

let cloud: TestCloud;
/** The list in force. */
let genuine: string;
/** One that was in force before. */
let older: string;
beforeAll(async () => {
  cloud = await TestCloud.start();
  older = await read();
  await cloud.half.publish([cloud.half.agent.entry]);
  genuine = await read();
});
afterAll(() => cloud?.half.stop());
beforeEach(() => cloud.half.heartbeat());

const read = async () =>
  String((await cloud.table("ground").getEntity<{ jws: string }>("ground", "trust")).jws);
/** Writes into the tables as somebody who has every right there. */
const put = (jws: string) => cloud.table("ground").upsertEntity({ ...TRUST_ROW, jws }, "Replace");

/** An entry with which everything would be sealed for the attacker too. */
const intruder = async (): Promise<TrustedAgent> => ({
  ...(await newAgent("agent-9")).entry,
  expires: cloud.half.agent.entry.expires,
});
const withIntruder = async () => {
  const claims = claimsOf(genuine);
  return { ...claims, serial: 99, agents: [cloud.half.agent.entry, await intruder()] };
};

/** A host of the same functions that has only just begun. */
async function withFreshHost(use: (url: string) => Promise<void>): Promise<void> {
  const log = { info: () => {}, error: () => {} };
  const configuration = readConfiguration({
    ...cloud.half.settings,
    TOTAL_WAIT_SECONDS: "2",
    WRITE_START_SECONDS: "1",
  });
  const fresh = buildParts(configuration, log);
  const server = createServer(hostListener(fresh.parts, log, {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // What it could not do at its start it does at the first call, and that is where it must fail.
  await fresh.start().catch(() => {});
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await fresh.stop();
  }
}

const ALTERED: Readonly<Record<string, () => Promise<string>>> = {
  "by another root key": async () =>
    signTrustList((await withIntruder()) as never, (await newKeyPair("root")).signer),
  "under the old signature": async () => {
    const [header, , signature] = partsOf(genuine);
    const claims = Buffer.from(JSON.stringify(await withIntruder())).toString("base64url");
    return [header, claims, signature].join(".");
  },
  "without a signature": async () => unsigned(headerOf(genuine), await withIntruder()),
  "to nothing": async () => "",
};

async function refusedUntilPutRight(list: Parameters<typeof put>[0]): Promise<void> {
  await put(list);
  const person = cloud.person();
  expect(await cloud.change(person)).toMatchObject({ status: 503, code: "trustListUnavailable" });
  expect((await cloud.half.heartbeat()).status).toBe(503);
  await put(genuine);
  expect((await cloud.change(cloud.person())).status).toBe(204);
  expect(cloud.executed(person)).toBe(0);
}

test.each(Object.entries(ALTERED))(
  "a trust list altered in the tables (%s) is refused: nothing is sent",
  async (_, alter) => {
    await refusedUntilPutRight(await alter());
  },
);

test("an older list put back is refused by a function host that knows the newer one", async () => {
  await refusedUntilPutRight(older);
});

test("an older list put back is refused by a function host that has just started", async () => {
  await put(older);
  const person = cloud.person();
  const token = await cloud.half.tokens.user(person);
  const change = async (url: string) => {
    const answer = await fetch(`${url}/v1.0/me/changePassword`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
      body: JSON.stringify({ currentPassword: "Old-Pass-1", newPassword: "N3w-Pass-1" }),
    });
    const text = await answer.text();
    return text === "" ? answer.status : JSON.parse(text).error.innerError.code;
  };
  await withFreshHost(async (url) => {
    expect(await change(url)).toBe("trustListUnavailable");
    expect(cloud.executed(person)).toBe(0);
    await put(genuine);
    expect(await change(url)).toBe(204);
    expect(cloud.executed(person)).toBe(1);
  });
});

test("a heartbeat that was written into the tables makes nobody an agent: nothing is sent", async () => {
  const ground = cloud.table("ground");
  const own = agentRow(CONNECTOR, "agent-1");
  const forged = agentRow(CONNECTOR, "agent-9");
  const { etag: _, timestamp: __, ...row } = await ground.getEntity(own.partitionKey, own.rowKey);
  await ground.upsertEntity({ ...row, ...forged, id: "agent-9", heardAt: Date.now() }, "Replace");
  await ground.updateEntity({ ...own, heardAt: 0 }, "Merge");
  const person = cloud.person();
  expect(await cloud.change(person)).toMatchObject({ status: 503, code: "noLiveAgent" });
  expect(cloud.executed(person)).toBe(0);
  await ground.deleteEntity(forged.partitionKey, forged.rowKey);
  await cloud.half.heartbeat();
  expect((await cloud.change(cloud.person())).status).toBe(204);
});
