import { readFileSync } from "node:fs";
import { join } from "node:path";
import { importJWK } from "jose";
import { openRequest } from "../../../protocol/envelope.ts";
import { verifyHeartbeatAnswer } from "../../../protocol/heartbeat.ts";
import { openReply } from "../../../protocol/reply.ts";
import { verifyTrustList } from "../../../protocol/trustList.ts";
import { CONNECTOR, changeOf, NOW, TENANT } from "./world.ts";

/**
 * Objects of format version 1 as they were first made, with keys made for this file alone. They
 * must be understood for as long as version 1 is: this file is never written anew.
 */
const golden = JSON.parse(readFileSync(join(__dirname, "golden/version1.json"), "utf8"));

test("the trust list of version 1 still verifies", async () => {
  const list = await verifyTrustList(golden.trustList, golden.rootKey, 7);
  expect(list).toMatchObject({ version: 1, serial: 7, agents: [{ id: "agent-1" }] });
});

test("a sealed request of version 1 still opens", async () => {
  const list = await verifyTrustList(golden.trustList, golden.rootKey, 7);
  const key = await importJWK(golden.agentKey.key, "ECDH-ES+A256KW");
  if (key instanceof Uint8Array) throw new Error("a private key");
  const { claims, reads } = await openRequest(
    Buffer.from(golden.request),
    { kid: golden.agentKey.kid, key },
    { list, connector: CONNECTOR, tenant: TENANT },
    NOW,
  );
  expect({ claims, reads }).toEqual({ claims: changeOf(), reads: 1 });
});

test("a reply of version 1 still opens", async () => {
  const { replyKey, jti } = changeOf();
  expect(await openReply(Buffer.from(golden.reply), replyKey, jti)).toEqual({
    version: 1,
    request: jti,
    agent: "agent-1",
    status: "failed",
    code: "accountLocked",
  });
});

test("a heartbeat answer of version 1 still verifies", async () => {
  const { answer } = await verifyHeartbeatAnswer(
    golden.heartbeatAnswer,
    { agent: "agent-1", nonce: "fresh-nonce-of-this-heartbeat" },
    golden.rootKey,
    7,
    NOW,
  );
  expect(answer.iat).toBe(NOW);
});
