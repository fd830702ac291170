import { readUser } from "../../../local/accounts/readUser.ts";
import { signHeartbeatAnswer, verifyHeartbeatAnswer } from "../../../protocol/heartbeat.ts";
import { AgentFixture } from "../agent/agentFixture.ts";
import type { AgentProcess } from "../agent/agentProcess.ts";
import { until } from "../agent/scriptedCloud.ts";

const VICTIM = "sam";

let fixture: AgentFixture;
let agent: AgentProcess;
beforeAll(async () => {
  fixture = await AgentFixture.open();
  agent = await fixture.start();
}, 60_000);
afterAll(async () => {
  await agent?.child.stop();
  await fixture?.close();
});

test("a thief of a function instance can sign until the key is rolled, and then no more", async () => {
  const { cloud } = fixture;
  const thief = cloud.root;
  await thief.identity();
  const first = fixture.resetOf(VICTIM, "Stolen-Lantern-58");
  expect(await cloud.ask(first, fixture.key)).toMatchObject({ status: "succeeded" });

  cloud.root = await thief.rolled();
  cloud.serial = 2;
  const probe = cloud.root.request({ operation: "probe" });
  expect(await cloud.ask(probe, fixture.key)).toMatchObject({ status: "succeeded" });
  const before = await readUser(fixture.directory, VICTIM);
  const second = fixture.resetOf(VICTIM, "Stolen-Lantern-59");
  await cloud.sendBody(await thief.seal(second, fixture.key), second.jti);
  await until("it is refused", () => agent.refused(second.jti));
  expect(await readUser(fixture.directory, VICTIM)).toEqual(before);
  expect(await fixture.binds(VICTIM, "Stolen-Lantern-58")).toBe("ok");
});

test("certificates of a removed key version, made in advance, sign no heartbeat answer either", async () => {
  const { cloud } = fixture;
  const thief = cloud.root;
  const identity = await thief.identity();
  const rolled = await thief.rolled();
  const answer = async (root: typeof thief) =>
    signHeartbeatAnswer(
      {
        version: 1,
        sub: "agent-1",
        nonce: "n".repeat(22),
        iat: Date.now() / 1_000,
        trustList: await root.sign(root.list(3, cloud.agents)),
        unresolved: [],
      },
      identity,
    );
  const expected = { agent: "agent-1", nonce: "n".repeat(22) };
  const verify = async (root: typeof thief) =>
    verifyHeartbeatAnswer(await answer(root), expected, thief.rootKey, 1);
  expect((await verify(thief)).list.serial).toBe(3);
  await expect(verify(rolled)).rejects.toMatchObject({ code: "certificateInvalid" });
});
