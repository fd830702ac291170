import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../../../agent/clock.ts";
import { Inbox } from "../../../../agent/inbox/inbox.ts";
import { Journal } from "../../../../agent/journal/journal.ts";
import { LateOutcomeSender } from "../../../../agent/journal/lateOutcomeSender.ts";
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
import {
  type EnrolledKey,
  enrolledKey,
  heldKeys,
  TrustRoot,
} from "../../../integration/agent/trustRoot.ts";

export const SUCCESS: Verdict = { status: "succeeded" };
let folder: string;
export let root: TrustRoot;
export let key: EnrolledKey;
export let trust: TrustState;
export const clock = new Clock();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
  [root, key] = await Promise.all([TrustRoot.create(), enrolledKey()]);
  const own = { agent: "agent-1", connector: "corp", keys: heldKeys(key) };
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
  readonly refresh?: () => Promise<void>;
  /** What the directory shows when the agent looks how a lost write ended. */
  readonly seen?: Seen;
}

export const journalFolder = (name: string): string => join(folder, name);

export async function openJournal(name: string = randomUUID()): Promise<Journal> {
  const times = { now: () => clock.now(), wall: Date.now };
  const journal = await Journal.open(join(folder, name), times);
  journals.push(journal);
  return journal;
}

export async function inboxOf(
  execute: (request: Request, ledger: Ledger) => Promise<Verdict>,
  { reply = async () => {}, ...wishes }: Wishes = {},
) {
  const posted: LateOutcomes[] = [];
  const journal = wishes.journal ?? (await openJournal());
  const replies: { correlationId: string; body: Uint8Array }[] = [];
  const logged: { name: string; fields: LogFields | undefined }[] = [];
  const log = (name: string, fields?: LogFields) => void logged.push({ name, fields });
  const late = new LateOutcomeSender({
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
    opener: { trust, clock, tenant: TENANT, refresh: wishes.refresh ?? (async () => {}) },
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

export const probe = (wish = {}): Request => root.request({ operation: "probe", ...wish });
export const unlock = (): Request =>
  root.request({
    operation: "unlock",
    target: {
      id: "5a3f1c00-0000-4000-8000-000000000011",
      sourceAnchor: `${"A".repeat(22)}==`,
      userPrincipalName: "alex@corp.example",
    },
  });
export const message = async (request: Request, deliveryCount = 0) => ({
  body: Buffer.from(await root.seal(request, key)),
  messageId: request.jti,
  deliveryCount,
  replySession: "session",
});

/** A job that runs until the test lets it go. */

/** Takes its time for each conclusion, and notes when one is on disk. */
export function slowDisk(journal: Journal, order: string[]): void {
  const conclude = journal.conclude.bind(journal);
  journal.conclude = async (...conclusion) => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await conclude(...conclusion);
    order.push("on disk");
  };
}
