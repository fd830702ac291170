import type { ServiceBusClient } from "@azure/service-bus";
import { CONNECTOR } from "../../../local/samples.ts";
import { TENANT_ID } from "../../../local/stack/tenant.ts";
import { openRequest } from "../../../protocol/envelope.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { newAgent } from "../../unit/protocol/world.ts";
import { TestCloud } from "../functions/testCloud.ts";
import { busClient } from "./busClient.ts";

let cloud: TestCloud;
let rogue: ServiceBusClient;
/** Calls that nobody will answer, and that a test need not wait for. */
const unanswered: Promise<unknown>[] = [];
beforeAll(async () => {
  cloud = await TestCloud.start();
  rogue = busClient(cloud.half, cloud.half.apps.agent);
  await cloud.half.agent.pause();
});
afterAll(async () => {
  await Promise.all(unanswered);
  await rogue?.close();
  await cloud?.half.stop();
});
beforeEach(() => cloud.half.heartbeat());

/** The body of a request that the functions have just sealed, copied off the bus. */
async function eavesdropped(): Promise<Uint8Array> {
  const receiver = rogue.createReceiver(requestsQueueName(CONNECTOR), {
    receiveMode: "receiveAndDelete",
    skipParsingBodyAsJson: true,
  });
  unanswered.push(cloud.change(cloud.person()));
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 5_000 });
  await receiver.close();
  return message?.body as Buffer;
}

test("a thief of one agent's key opens nothing that was sealed after its revocation", async () => {
  const { agent } = cloud.half;
  const stolen = await newAgent("agent-2");
  const entry = { ...stolen.entry, expires: agent.entry.expires };
  const open = async (body: Uint8Array, keys = stolen.keys) => {
    const { list } = await cloud.half.running.parts.trust.current();
    return openRequest(
      body,
      keys,
      { list, connector: CONNECTOR, tenant: TENANT_ID },
      Date.now() / 1_000,
    );
  };
  await cloud.half.publish([agent.entry, entry]);
  expect(await open(await eavesdropped())).toMatchObject({ claims: { newPassword: "N3w-Pass-1" } });

  await cloud.half.publish([agent.entry]);
  const body = await eavesdropped();
  await expect(open(body)).rejects.toMatchObject({ code: "envelopeNotForThisAgent" });
  // Nor under the name of an agent that is still listed.
  const renamed = { ...stolen.keys, kid: agent.entry.kid };
  await expect(open(body, renamed)).rejects.toMatchObject({ code: "envelopeMalformed" });
});
