import { randomUUID } from "node:crypto";
import type { Account } from "../../../../agent/directory/account.ts";
import { Journal } from "../../../../agent/journal/journal.ts";
import type { Ledger } from "../../../../agent/journal/ledger.ts";
import type { Seen } from "../../../../agent/journal/observe.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";
import type { Request } from "../../../../protocol/request.ts";
import { until } from "../../../integration/agent/scriptedCloud.ts";
import { enrolledKey } from "../../../integration/agent/trustRoot.ts";
import {
  clock,
  inboxOf,
  journalFolder,
  key,
  message,
  openJournal,
  probe,
  root,
  SUCCESS,
  slowDisk,
  trust,
  unlock,
} from "./inboxFixture.ts";

async function experienced(name: string = randomUUID()): Promise<Journal> {
  const hourAgo = { now: () => clock.now() - 3_600, wall: Date.now };
  const before = await Journal.open(journalFolder(name), hourAgo);
  const [id, expires] = [randomUUID(), clock.now() - 3_500];
  before.accepted(id, expires);
  await before.conclude(id, expires, SUCCESS);
  await before.close();
  return openJournal(name);
}

describe("a message held by somebody before", () => {
  const counted = () => {
    const requests: string[] = [];
    const execute = async ({ jti }: Request) => {
      requests.push(jti);
      return SUCCESS;
    };
    return { requests, execute };
  };

  test("is executed by the one recipient whose journal proves that it never began, once", async () => {
    const { requests, execute } = counted();
    const { inbox, outcomes, names } = await inboxOf(execute, { journal: await experienced() });
    const request = probe();
    await Promise.all([
      inbox.handle(await message(request, 2)),
      inbox.handle(await message(request, 2)),
    ]);
    await inbox.handle(await message(request, 3));
    expect(requests).toEqual([request.jti]);
    expect((await outcomes(request)).map(({ status }) => status)).toEqual([
      "succeeded",
      "succeeded",
    ]);
    expect(names().filter((name) => name === "accepted")).toHaveLength(1);
  });

  test("is not where it failed and the caller was told: that is on disk first", async () => {
    const journal = await experienced();
    const order: string[] = [];
    slowDisk(journal, order);
    const reply = async () => void order.push("told");
    const failure: Verdict = { status: "failed", code: "directoryUnreachable" };
    const { inbox } = await inboxOf(async () => failure, { journal, reply });
    await inbox.handle(await message(probe()));
    expect(order).toEqual(["on disk", "told"]);
  });

  test("is not where another agent could open it as well", async () => {
    const other = await enrolledKey();
    const { requests, execute } = counted();
    const { inbox, outcomes } = await inboxOf(execute, { journal: await experienced() });
    const request = probe();
    const body = Buffer.from(await root.seal(request, key, other));
    await inbox.handle({ ...(await message(request, 1)), body });
    expect(await outcomes(request)).toMatchObject([{ status: "unknown" }]);
    const two = root.list(2, [root.entry("agent-1", key), root.entry("agent-2", other)]);
    await trust.accept(two);
    const next = probe();
    await inbox.handle(await message(next, 1));
    await trust.accept(root.list(3, [root.entry("agent-1", key)]));
    expect(await outcomes(next)).toMatchObject([{ status: "unknown" }]);
    expect(requests).toEqual([]);
  });

  test("is where the other agent was revoked just now, and the newest list says so", async () => {
    const other = await enrolledKey();
    const own = root.entry("agent-1", key);
    const { requests, execute } = counted();
    let asked = 0;
    const { inbox, outcomes } = await inboxOf(execute, {
      journal: await experienced(),
      refresh: async () => {
        asked += 1;
        await trust.accept(root.list(9, [own]));
      },
    });
    await trust.accept(root.list(8, [own, root.entry("agent-2", other)]));
    const request = probe();
    await inbox.handle(await message(request, 1));
    expect(await outcomes(request)).toMatchObject([{ status: "succeeded" }]);
    expect([requests, asked]).toEqual([[request.jti], 1]);
  });

  test("is never called expired", async () => {
    const { requests, execute } = counted();
    const { inbox, outcomes } = await inboxOf(execute, { journal: await experienced() });
    const request = probe({ iat: clock.now() - 20, exp: clock.now() - 1 });
    await inbox.handle(await message(request, 1));
    expect(await outcomes(request)).toMatchObject([{ status: "unknown", code: "outcomeUnknown" }]);
    expect(requests).toEqual([]);
  });

  test("is answered with what the journal says, in the same process and after a restart", async () => {
    const refused: Verdict = {
      status: "failed",
      code: "superseded",
      directory: { server: "dc1", resultCode: 16, win32: "00002085" },
    };
    const name = randomUUID();
    const journal = await openJournal(name);
    const first = await inboxOf(async () => refused, { journal });
    const request = unlock();
    await first.inbox.handle(await message(request));
    await first.inbox.handle(await message(request, 1));
    await journal.close();
    const { requests, execute } = counted();
    const second = await inboxOf(execute, { journal: await openJournal(name) });
    await second.inbox.handle(await message(request, 2));
    // Even where the bus counts from 0 again.
    await second.inbox.handle(await message(request, 0));
    const answers = [...(await first.outcomes(request)), ...(await second.outcomes(request))];
    expect(answers).toHaveLength(4);
    for (const answer of answers) expect(answer).toMatchObject(refused);
    expect(requests).toEqual([]);
  });
});

describe("a write whose answer was lost", () => {
  const before: Account = {
    dn: "<GUID=33221100-5544-7766-8899-aabbccddeeff>",
    guid: "33221100-5544-7766-8899-aabbccddeeff",
    locked: true,
  } as Account;
  const lost = async (request: Request, ledger: Ledger): Promise<Verdict> => {
    await ledger.note(request)?.("dc1", { operation: "unlock", account: before, changes: [] });
    return { status: "unknown", code: "outcomeUnknown" };
  };
  const seen = (locked: boolean): Seen => ({ locked, keyVersion: 1n, pwdLastSet: 1n });

  test("and took effect is told at once, on both roads", async () => {
    const { inbox, outcomes, posted } = await inboxOf(lost, { seen: seen(false) });
    const request = unlock();
    await inbox.handle(await message(request));
    const truth = { status: "succeeded", detail: { wasLocked: true }, request: request.jti };
    expect(await outcomes(request)).toMatchObject([truth]);
    await until("the late truth is told", () => posted.length > 0);
    expect(posted).toMatchObject([{ outcomes: [truth] }]);
  });

  test("and whose agent was killed is concluded by the next one, and never executed", async () => {
    const name = randomUUID();
    const request = unlock();
    const first = await inboxOf(lost, { journal: await openJournal(name) });
    await first.ledger.note(request)?.("dc1", {
      operation: "unlock",
      account: before,
      changes: [],
    });
    let executed = 0;
    const execute = async () => {
      executed += 1;
      return SUCCESS;
    };
    const journal = await openJournal(name);
    const { inbox, outcomes, posted, ledger } = await inboxOf(execute, {
      journal,
      seen: seen(false),
    });
    ledger.resume();
    await inbox.handle(await message(request, 1));
    expect(await outcomes(request)).toMatchObject([{ status: "succeeded" }]);
    await until("the late truth is told", () => posted.length > 0);
    expect(posted).toMatchObject([{ outcomes: [{ request: request.jti, status: "succeeded" }] }]);
    expect(executed).toBe(0);
  });

  test("and a directory that can't be asked: unknown, and open for the next start", async () => {
    const journal = await openJournal();
    const { inbox, outcomes, posted, names, ledger } = await inboxOf(
      async (request, ledger) => {
        await lost(request, ledger);
        throw new TypeError("a fault of ours");
      },
      { journal },
    );
    const request = unlock();
    const handled = inbox.handle(await message(request));
    await inbox.stop(100, 1_000);
    await handled;
    expect(await outcomes(request)).toMatchObject([{ status: "unknown" }]);
    await ledger.stop();
    expect([...journal.open.keys()]).toEqual([request.jti]);
    expect(posted).toEqual([]);
    expect(names()).not.toContain("jobFailed");
  });
});
