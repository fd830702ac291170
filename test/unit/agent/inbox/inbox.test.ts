import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../../../agent/clock.ts";
import type { Account } from "../../../../agent/directory/account.ts";
import { Inbox } from "../../../../agent/inbox/inbox.ts";
import { Journal } from "../../../../agent/journal/journal.ts";
import { LateTruths } from "../../../../agent/journal/lateTruths.ts";
import { Ledger } from "../../../../agent/journal/ledger.ts";
import type { Seen } from "../../../../agent/journal/observe.ts";
import { Observer } from "../../../../agent/journal/observer.ts";
import type { LogFields } from "../../../../agent/log.ts";
import { GrowingNumber } from "../../../../agent/trust/growingNumber.ts";
import { TrustState } from "../../../../agent/trust/trustState.ts";
import { type LateOutcomes, lateOutcomes } from "../../../../protocol/lateOutcomes.ts";
import type { Verdict } from "../../../../protocol/outcome.ts";
import { openReply } from "../../../../protocol/reply.ts";
import type { Request } from "../../../../protocol/request.ts";
import { TENANT } from "../../../integration/agent/requests.ts";
import { type EnrolledKey, enrolledKey, TrustRoot } from "../../../integration/agent/trustRoot.ts";

const SUCCESS: Verdict = { status: "succeeded" };
let folder: string;
let root: TrustRoot;
let key: EnrolledKey;
let trust: TrustState;
const clock = new Clock();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
  [root, key] = await Promise.all([TrustRoot.create(), enrolledKey()]);
  const own = { agent: "agent-1", connector: "corp", kid: key.kid };
  trust = new TrustState(root.rootKey, own, clock, await GrowingNumber.open(join(folder, "n")));
  await trust.accept(root.list(1, [root.entry("agent-1", key)]));
});
afterAll(async () => {
  await Promise.all(journals.map((journal) => journal.close()));
  await rm(folder, { recursive: true });
});
const journals: Journal[] = [];

interface Wishes {
  readonly journal?: Journal;
  readonly reply?: () => Promise<void>;
  /** What the directory shows when the agent looks how a lost write ended. */
  readonly seen?: Seen;
}

async function openJournal(name: string = randomUUID()): Promise<Journal> {
  const times = { now: () => clock.now(), wall: Date.now };
  const journal = await Journal.open(join(folder, name), times);
  journals.push(journal);
  return journal;
}

async function inboxOf(
  execute: (request: Request, ledger: Ledger) => Promise<Verdict>,
  { reply = async () => {}, ...wishes }: Wishes = {},
) {
  const posted: LateOutcomes[] = [];
  const journal = wishes.journal ?? (await openJournal());
  const replies: { correlationId: string; body: Uint8Array }[] = [];
  const logged: { name: string; fields: LogFields | undefined }[] = [];
  const log = (name: string, fields?: LogFields) => void logged.push({ name, fields });
  const late = new LateTruths({
    agent: "agent-1",
    post: async (_, body) => void posted.push(lateOutcomes.parse(body)),
    log: () => {},
    told: () => {},
    wall: Date.now,
  });
  const observer = new Observer({
    read: async () => wishes.seen,
    modifyMs: 50,
    wall: Date.now,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
  const ledger = new Ledger({ agent: "agent-1", journal, observer, late, log, wall: Date.now });
  const inbox = new Inbox({
    opener: { key, trust, clock, tenant: TENANT, refresh: async () => {} },
    execute: (request) => execute(request, ledger),
    ledger,
    reply: async ({ correlationId }, body) => {
      await reply();
      replies.push({ correlationId, body });
    },
    log,
    afterExpiryMs: 1_000,
  });
  const outcomes = (request: Request) =>
    Promise.all(
      replies
        .filter(({ correlationId }) => correlationId === request.jti)
        .map(({ body }) => openReply(body, request.replyKey, request.jti)),
    );
  return { inbox, outcomes, names: () => logged.map(({ name }) => name), logged, posted, ledger };
}

const probe = (wish = {}): Request => root.request({ operation: "probe", ...wish });
const unlock = (): Request =>
  root.request({
    operation: "unlock",
    target: {
      id: "5a3f1c00-0000-4000-8000-000000000011",
      sourceAnchor: `${"A".repeat(22)}==`,
      userPrincipalName: "alex@corp.example",
    },
  });
const message = async (request: Request, deliveryCount = 0) => ({
  body: Buffer.from(await root.seal(request, key)),
  messageId: request.jti,
  deliveryCount,
  replySession: "session",
});

/** A job that runs until the test lets it go. */
function held() {
  let letGo: (verdict: Verdict) => void = () => {};
  let begun: () => void = () => {};
  const started = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const execute = () => {
    begun();
    return new Promise<Verdict>((resolve) => {
      letGo = resolve;
    });
  };
  return { execute, started, finish: (verdict: Verdict) => letGo(verdict) };
}

test("answered before the message is settled", async () => {
  const order: string[] = [];
  const { inbox, outcomes } = await inboxOf(async () => SUCCESS, {
    reply: async () => {
      order.push("replied");
    },
  });
  const request = probe();
  expect(await inbox.handle(await message(request))).toBe("complete");
  order.push("settled");
  expect(order).toEqual(["replied", "settled"]);
  expect(await outcomes(request)).toMatchObject([{ status: "succeeded", agent: "agent-1" }]);
});

test("another delivery while the first is at work is settled and not answered", async () => {
  const { execute, started, finish } = held();
  const { inbox, outcomes } = await inboxOf(execute);
  const request = probe();
  const first = inbox.handle(await message(request));
  await started;
  expect(await inbox.handle(await message(request, 1))).toBe("complete");
  expect(await outcomes(request)).toEqual([]);
  finish(SUCCESS);
  await first;
  expect((await outcomes(request)).map(({ status }) => status)).toEqual(["succeeded"]);
});

test.each([
  ["never seen here", {}, 1],
  ["and expired", { exp: Date.now() / 1_000 - 1 }, 3],
])("a message held by somebody before, %s, is unknown and not executed", async (_, wish, count) => {
  let executed = 0;
  const { inbox, outcomes, names } = await inboxOf(async () => {
    executed += 1;
    return SUCCESS;
  });
  const request = probe(wish);
  expect(await inbox.handle(await message(request, count))).toBe("complete");
  expect(await outcomes(request)).toMatchObject([{ status: "unknown", code: "outcomeUnknown" }]);
  expect([executed, names()]).toEqual([0, ["requestRepeated", "outcome"]]);
});

/** An agent that has run for an hour, and then again, on the same disk. */
async function experienced(name: string = randomUUID()): Promise<Journal> {
  const hourAgo = { now: () => clock.now() - 3_600, wall: Date.now };
  const before = await Journal.open(join(folder, name), hourAgo);
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

test("a reply that nobody took is owed; what is unknown is not", async () => {
  const reply = async () => {
    throw new Error("relay gone");
  };
  const { inbox, posted } = await inboxOf(async () => SUCCESS, { reply });
  const request = probe();
  await inbox.handle(await message(request));
  const held = probe({ iat: clock.now() - 60 });
  await inbox.handle(await message(held, 1));
  expect(posted).toEqual([
    { version: 1, outcomes: [{ version: 1, agent: "agent-1", request: request.jti, ...SUCCESS }] },
  ]);
});

test("the envelope of one request under the id of another message is not executed", async () => {
  let executed = 0;
  const { inbox, outcomes, names } = await inboxOf(async () => {
    executed += 1;
    return SUCCESS;
  });
  const request = probe();
  for (const messageId of [randomUUID(), undefined])
    expect(await inbox.handle({ ...(await message(request)), messageId })).toBe("complete");
  expect([executed, names()]).toEqual([0, ["requestRepeated", "requestRepeated"]]);
  expect(await outcomes(request)).toEqual([]);
  await inbox.handle(await message(request));
  expect(await outcomes(request)).toMatchObject([{ status: "succeeded" }]);
});

test("an error of ours in a job is unknown, and the next one is served", async () => {
  let calls = 0;
  const { inbox, outcomes, names } = await inboxOf(async () => {
    calls += 1;
    if (calls === 1) throw new TypeError("Secret-Password-1 in an error's text");
    return SUCCESS;
  });
  const [first, second] = [probe(), probe()];
  await inbox.handle(await message(first));
  await inbox.handle(await message(second));
  expect(await outcomes(first)).toMatchObject([{ status: "unknown" }]);
  expect(await outcomes(second)).toMatchObject([{ status: "succeeded" }]);
  expect(names()).toEqual(["accepted", "jobFailed", "outcome", "accepted", "outcome"]);
});

test("a reply that cannot be sent is logged, and the message is settled", async () => {
  const { inbox, names } = await inboxOf(async () => SUCCESS, {
    reply: async () => {
      throw new Error("relay gone");
    },
  });
  expect(await inbox.handle(await message(probe()))).toBe("complete");
  expect(await inbox.handle({ ...(await message(probe())), replySession: undefined })).toBe(
    "complete",
  );
  expect(names().filter((name) => name === "replyNotSent")).toHaveLength(2);
});

test("at a stop, what does not end is answered as unknown", async () => {
  const { execute, started } = held();
  const { inbox, outcomes } = await inboxOf(execute);
  const request = probe();
  const handled = inbox.handle(await message(request));
  await started;
  expect(inbox.running).toBe(1);
  await inbox.stop(10, 1_000);
  expect(await handled).toBe("complete");
  expect(await outcomes(request)).toMatchObject([{ status: "unknown" }]);
  expect(inbox.running).toBe(0);
});

test("what arrives after a stop began is put back unopened, at once", async () => {
  const { execute, started, finish } = held();
  const { inbox, names, outcomes } = await inboxOf(execute);
  const [working, late] = [probe(), probe()];
  const handled = inbox.handle(await message(working));
  await started;
  const stopped = inbox.stop(1_000, 1_000);
  expect(await inbox.handle(await message(late))).toBe("putBack");
  finish(SUCCESS);
  await Promise.all([handled, stopped]);
  expect(await outcomes(working)).toMatchObject([{ status: "succeeded" }]);
  expect(names()).toEqual(["accepted", "outcome"]);
});

test("what had to wait its turn until the end of a stop is never executed", async () => {
  const { execute, started, finish } = held();
  let executed = 0;
  const { inbox, outcomes } = await inboxOf(() => {
    executed += 1;
    return execute();
  });
  const [first, second] = [unlock(), unlock()];
  const handled = [inbox.handle(await message(first))];
  await started;
  handled.push(inbox.handle(await message(second)));
  await inbox.stop(50, 1_000);
  finish(SUCCESS);
  await Promise.all(handled);
  await new Promise((resolve) => setImmediate(resolve));
  expect(executed).toBe(1);
  expect(await outcomes(second)).toMatchObject([{ status: "unknown" }]);
});

test("what the log says of a request holds nothing that was typed", async () => {
  const { inbox, logged } = await inboxOf(async () => ({
    ...SUCCESS,
    directory: { server: "dc1", resultCode: 0 },
  }));
  const request = root.request({
    operation: "change",
    target: {
      id: "5a3f1c00-0000-4000-8000-000000000011",
      sourceAnchor: `${"A".repeat(22)}==`,
      userPrincipalName: "alex@corp.example",
    },
    currentPassword: "Canary-Current-71!",
    newPassword: "Canary-Next-82!",
  });
  await inbox.handle(await message(request));
  const text = JSON.stringify(logged);
  for (const typed of ["Canary", "alex@corp.example", request.replyKey])
    expect(text).not.toContain(typed);
  expect(text).toContain(request.trackingId);
});
