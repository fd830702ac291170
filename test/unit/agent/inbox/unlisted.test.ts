import { MOST_UNLISTED, UnlistedQuota } from "../../../../agent/inbox/unlistedQuota.ts";
import type { Request } from "../../../../protocol/request.ts";
import type { EnrolledKey, TrustRoot } from "../../../integration/agent/trustRoot.ts";
import { inboxOf, key, openJournal, probe, root, SUCCESS, unlock } from "./inboxFixture.ts";

let stranger: TrustRoot;
beforeAll(async () => {
  stranger = await root.rolled();
});

/** A message by a signer that the agent's list does not name. */
const messageBy = async (
  by: TrustRoot,
  request: Request,
  deliveryCount = 0,
  to: EnrolledKey = key,
) => ({
  body: Buffer.from(await by.seal(request, to)),
  messageId: request.jti,
  deliveryCount,
  replySession: "session",
});
const REFUSED = { status: "failed", code: "trustListOutdated" };

test("refused for good, and nothing is carried out, however it comes again", async () => {
  const execute = jest.fn(async () => SUCCESS);
  const { inbox, outcomes } = await inboxOf(execute);
  const request = unlock();
  expect(await inbox.handle(await messageBy(stranger, request))).toBe("complete");
  expect(await outcomes(request)).toMatchObject([REFUSED]);
  // By then its list is the newer one, and the request is genuine.
  expect(await inbox.handle(await messageBy(root, request, 1))).toBe("complete");
  expect((await outcomes(request))[1]).toMatchObject({ status: "unknown" });
  expect(await inbox.handle(await messageBy(root, request))).toBe("complete");
  expect((await outcomes(request))[2]).toMatchObject(REFUSED);
  expect(execute).not.toHaveBeenCalled();
});

test("nor by the next run of the agent", async () => {
  const execute = jest.fn(async () => SUCCESS);
  const first = await inboxOf(execute, { journal: await openJournal("restarted") });
  const request = unlock();
  await first.inbox.handle(await messageBy(stranger, request));
  const second = await inboxOf(execute, { journal: await openJournal("restarted") });
  await second.inbox.handle(await messageBy(root, request, 1));
  expect(await second.outcomes(request)).toMatchObject([{ status: "unknown" }]);
  expect(execute).not.toHaveBeenCalled();
});

test("somebody held it before: put back, and never told that it failed", async () => {
  const { inbox, outcomes } = await inboxOf(async () => SUCCESS);
  const request = unlock();
  expect(await inbox.handle(await messageBy(stranger, request, 1))).toBe("putBack");
  expect(await outcomes(request)).toEqual([]);
});

test("a forgery under the id of a request that was carried out changes nothing of it", async () => {
  const { inbox, outcomes, ledger, posted } = await inboxOf(async () => SUCCESS);
  const request = unlock();
  await inbox.handle(await messageBy(root, request));
  expect(await inbox.handle(await messageBy(stranger, request))).toBe("putBack");
  expect(await outcomes(request)).toMatchObject([{ status: "succeeded" }]);
  expect(ledger.isRefused(request.jti)).toBe(false);
  expect(await ledger.earlier(request.jti)).toMatchObject({ status: "succeeded" });
  expect(posted).toEqual([]);
});

test("and of one that is at work neither", async () => {
  let finish: () => void = () => {};
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { inbox, outcomes, ledger } = await inboxOf(async () => {
    await work;
    return SUCCESS;
  });
  const request = unlock();
  const working = inbox.handle(await messageBy(root, request));
  expect(await inbox.handle(await messageBy(stranger, request))).toBe("putBack");
  finish();
  await working;
  expect(await outcomes(request)).toMatchObject([{ status: "succeeded" }]);
  expect(ledger.isRefused(request.jti)).toBe(false);
});

test("what was refused is no outcome: the cloud is never told it on the other road", async () => {
  const { inbox, ledger, posted } = await inboxOf(async () => SUCCESS);
  const request = unlock();
  await inbox.handle(await messageBy(stranger, request));
  await ledger.resolve([request.jti]);
  expect(posted).toEqual([]);
});

test.each([
  ["under another message id", { messageId: "5a3f1c00-0000-4000-8000-000000000099" }, {}],
  ["for another connector", {}, { aud: "other" }],
  ["of long ago", {}, { exp: 1_000 }],
])("%s: put back without an answer", async (_, changes, wish) => {
  const { inbox, outcomes } = await inboxOf(async () => SUCCESS);
  const request = { ...probe(), ...wish } as Request;
  const message = { ...(await messageBy(stranger, request)), ...changes };
  expect(await inbox.handle(message)).toBe("putBack");
  expect(await outcomes(request)).toEqual([]);
});

describe("a flood of forgeries", () => {
  test("leaves so many lines a minute and no more; the next minute counts anew", () => {
    let now = 1_000;
    const quota = new UnlistedQuota(() => now);
    const taken = () => Array.from({ length: 2 * MOST_UNLISTED }, () => quota.take());
    expect(taken().filter(Boolean)).toHaveLength(MOST_UNLISTED);
    now += 59;
    expect(quota.take()).toBe(false);
    now += 1;
    expect(taken().filter(Boolean)).toHaveLength(MOST_UNLISTED);
  });

  test("is put back beyond that, and what is genuine is carried out", async () => {
    const { inbox, outcomes, ledger } = await inboxOf(async () => SUCCESS);
    for (let at = 0; at < MOST_UNLISTED; at += 1)
      await inbox.handle(await messageBy(stranger, probe()));
    const request = unlock();
    expect(await inbox.handle(await messageBy(stranger, request))).toBe("putBack");
    expect(ledger.isRefused(request.jti)).toBe(false);
    await inbox.handle(await messageBy(root, request));
    expect(await outcomes(request)).toMatchObject([{ status: "succeeded" }]);
  });
});
