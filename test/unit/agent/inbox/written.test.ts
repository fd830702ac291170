import type { Account } from "../../../../agent/directory/account.ts";
import type { Write } from "../../../../agent/directory/write.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";
import { inboxOf, message, openJournal, unlock } from "./inboxFixture.ts";

const ACCOUNT = {
  dn: "<GUID=33221100-5544-7766-8899-aabbccddeeff>",
  guid: "33221100-5544-7766-8899-aabbccddeeff",
  locked: true,
} as Account;
const WRITE: Write = { operation: "unlock", account: ACCOUNT, changes: [] };

test("a write that was sent once more is noted once more, later, and logged", async () => {
  const journal = await openJournal();
  const { ledger, logged } = await inboxOf(async () => ({ status: "succeeded" }), { journal });
  const request = unlock();
  const note = ledger.note(request);
  await note?.("dc1", { ...WRITE, told: { accountDisabled: true } });
  const first = journal.open.get(request.jti);
  expect(first).toMatchObject({ server: "dc1", told: { accountDisabled: true } });
  expect(first).not.toHaveProperty("resent");
  expect(logged).toEqual([]);
  await note?.("dc1", { ...WRITE, evidence: { resent: true } });
  const second = journal.open.get(request.jti);
  expect(second).toMatchObject({ server: "dc1", resent: true });
  expect(second?.at).toBeGreaterThanOrEqual(first?.at ?? Number.POSITIVE_INFINITY);
  const fields = { requestId: request.jti, server: "dc1" };
  expect(logged).toEqual([{ name: "writeResent", fields }]);
});

test("by the directory's clock a write that was sent once more began with the first", async () => {
  const journal = await openJournal();
  const { ledger } = await inboxOf(async () => ({ status: "succeeded" }), { journal });
  const request = unlock();
  const note = ledger.note(request);
  await note?.("dc1", WRITE, 100n);
  await note?.("dc1", WRITE, 200n);
  expect(journal.open.get(request.jti)?.sent).toEqual({ first: "100", last: "200" });
});

test("a password that was stored as expired is a success, with the missing right in the log", async () => {
  const verdict: Verdict = {
    status: "succeeded",
    detail: { mustChangeUnasked: true },
    directory: { server: "dc1", missingRight: "Unexpire-Password" },
  };
  const { inbox, outcomes, logged } = await inboxOf(async () => verdict);
  const request = unlock();
  await inbox.handle(await message(request));
  expect(await outcomes(request)).toMatchObject([verdict]);
  expect(logged).toContainEqual({
    name: "agentLacksUnexpirePassword",
    fields: {
      requestId: request.jti,
      trackingId: request.trackingId,
      server: "dc1",
      missingRight: "Unexpire-Password",
    },
  });
});

test("what was found out is not forgotten for an unknown that comes after it", async () => {
  const journal = await openJournal();
  const { ledger } = await inboxOf(async () => ({ status: "succeeded" }), { journal });
  const request = unlock();
  await ledger.note(request)?.("dc1", WRITE);
  await ledger.conclude(request, { status: "unknown", code: "outcomeUnknown" });
  expect(ledger.isOpen(request.jti)).toBe(true);
  await ledger.conclude(request, { status: "succeeded" });
  await ledger.concludeLate(request, { status: "unknown", code: "outcomeUnknown" });
  expect(journal.find(request.jti)?.verdict).toEqual({ status: "succeeded" });
});
