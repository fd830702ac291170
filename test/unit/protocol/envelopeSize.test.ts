import { sealRequest } from "../../../protocol/envelope.ts";
import { changeOf, newAgent, newInstance, newKeyPair } from "./world.ts";

const KID = `https://contoso-writeback.vault.azure.net/keys/signing/${"0".repeat(32)}`;
const ALLOWED = 12_288;

async function sealedFor(count: number, changes: Parameters<typeof changeOf>[0]): Promise<number> {
  const instance = await newInstance(await newKeyPair(KID));
  const agents = await Promise.all(
    Array.from({ length: count }, async (_, at) => (await newAgent(`agent-${at}`)).entry),
  );
  return (await sealRequest(changeOf(changes), instance, agents)).byteLength;
}

test("for 20 agents a request has at most 12 KiB", async () => {
  expect(await sealedFor(20, {})).toBeLessThanOrEqual(ALLOWED);
});

test.each([
  ["one letter", "x"],
  ["quotes", '"'.repeat(256)],
  ["Chinese", "漢".repeat(256)],
])("its length does not tell a password (%s)", async (_, password) => {
  const passwords = { currentPassword: password, newPassword: password };
  expect(await sealedFor(1, passwords)).toBe(await sealedFor(1, {}));
});
