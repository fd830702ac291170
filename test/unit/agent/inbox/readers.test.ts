import type { Verdict } from "../../../../protocol/outcome.ts";
import type { Request } from "../../../../protocol/request.ts";
import { TYP } from "../../../../protocol/signedObject.ts";
import { forge } from "../../protocol/forge.ts";
import { sealText } from "../../protocol/world.ts";
import { inboxOf, key, message, root, unlock } from "./inboxFixture.ts";

const FULL: Verdict = {
  status: "succeeded",
  detail: { wasLocked: true, accountDisabled: true },
  directory: { server: "dc1.corp.example", keyVersionBefore: 3, compareAndSet: true },
};
const LEAST = { detail: { wasLocked: true }, directory: { server: "dc1.corp.example" } };

/** As functions send it that say, or do not say, how they read. */
async function sent(request: Request, reads?: number) {
  const { key: signer, certificate } = await root.identity();
  const jws = await forge({ typ: TYP.request, certificate, reads }, request, signer);
  const entry = { kid: key.kid, encryptionKey: root.entry("agent-1", key).encryptionKey };
  return { ...(await message(request)), body: Buffer.from(await sealText(jws, [entry])) };
}

test.each([
  ["says nothing is told what the first version knows", undefined, LEAST],
  ["says 1 is told the same", 1, LEAST],
  ["leaves out what it does not know is told everything", 2, FULL],
  ["is newer than this agent is told everything", 3, FULL],
])("a reader that %s", async (_, reads, told) => {
  const { inbox, outcomes } = await inboxOf(async () => FULL);
  const request = unlock();
  await inbox.handle(await sent(request, reads));
  const [outcome] = await outcomes(request);
  expect({ detail: outcome?.detail, directory: outcome?.directory }).toEqual({
    detail: told.detail,
    directory: told.directory,
  });
});

test("each request that comes again is answered as its own reader reads", async () => {
  const { inbox, outcomes } = await inboxOf(async () => FULL);
  const request = unlock();
  for (const deliveryCount of [0, 1])
    await inbox.handle({ ...(await sent(request, deliveryCount + 1)), deliveryCount });
  const details = (await outcomes(request)).map(({ detail }) => detail);
  expect(details).toEqual([LEAST.detail, FULL.detail]);
});
