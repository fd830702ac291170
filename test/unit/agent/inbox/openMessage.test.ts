import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../../../agent/clock.ts";
import { openMessage } from "../../../../agent/inbox/openMessage.ts";
import { GrowingNumber } from "../../../../agent/trust/growingNumber.ts";
import { TrustState } from "../../../../agent/trust/trustState.ts";
import { READS } from "../../../../protocol/reads.ts";
import { TENANT } from "../../../integration/agent/requests.ts";
import {
  type EnrolledKey,
  enrolledKey,
  heldKeys,
  TrustRoot,
} from "../../../integration/agent/trustRoot.ts";

let folder: string;
let root: TrustRoot;
let rolled: TrustRoot;
let stranger: TrustRoot;
let key: EnrolledKey;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
  [root, stranger, key] = await Promise.all([
    TrustRoot.create(),
    TrustRoot.create(),
    enrolledKey(),
  ]);
  rolled = await root.rolled();
});
afterAll(() => rm(folder, { recursive: true }));

/** Opens what `by` signed, as an agent that has the old list. @param newer what a refresh brings */
async function opened(by: TrustRoot, newer?: TrustRoot) {
  const clock = new Clock();
  const own = { agent: "agent-1", connector: "corp", keys: heldKeys(key) };
  const trust = new TrustState(
    root.rootKey,
    own,
    clock,
    await GrowingNumber.open(join(folder, "n")),
  );
  await trust.accept(root.list(1, [root.entry("agent-1", key)]));
  let refreshes = 0;
  const refresh = async () => {
    refreshes += 1;
    if (newer) await trust.accept(newer.list(2, [root.entry("agent-1", key)]));
  };
  const request = by.request({ operation: "probe" });
  const body = Buffer.from(await by.seal(request, key));
  const result = await openMessage(body, { trust, clock, tenant: TENANT, refresh });
  return { result, request, refreshes };
}

test("signed by a listed key: nothing is asked for", async () => {
  const { result, request, refreshes } = await opened(root);
  expect([result, refreshes]).toEqual([{ claims: request, reads: READS }, 0]);
});

test("signed by a key that only the newer list names: opened after one look", async () => {
  const { result, request, refreshes } = await opened(rolled, rolled);
  expect([result, refreshes]).toEqual([{ claims: request, reads: READS }, 1]);
});

test.each([
  ["there is no newer list", undefined],
  ["the newer list does not name it either", () => root],
])("signed by an unlisted key: the list is outdated, where %s", async (_, newer) => {
  const { result, request, refreshes } = await opened(rolled, newer?.());
  const { jti, replyKey, exp } = request;
  expect(result).toEqual({
    refused: "trustListOutdated",
    forAnother: true,
    unlisted: { claimed: { jti, replyKey, exp } },
  });
  expect(refreshes).toBe(1);
});

test("forged under a listed key's name: no use to anyone, and nothing is asked for", async () => {
  const { result, refreshes } = await opened(stranger);
  expect(result).toMatchObject({ refused: "certificateInvalid", forAnother: false });
  expect(refreshes).toBe(0);
});
