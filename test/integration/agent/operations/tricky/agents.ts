import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Clock } from "../../../../../agent/clock.ts";
import type { DirectoryPool } from "../../../../../agent/directory/pool.ts";
import { Inbox } from "../../../../../agent/inbox/inbox.ts";
import { Journal } from "../../../../../agent/journal/journal.ts";
import { LateOutcomeSender } from "../../../../../agent/journal/lateOutcomeSender.ts";
import { Ledger } from "../../../../../agent/journal/ledger.ts";
import { Observer } from "../../../../../agent/journal/observer.ts";
import { readSeen } from "../../../../../agent/journal/readSeen.ts";
import { execute } from "../../../../../agent/operations/execute.ts";
import type { OperationSettings } from "../../../../../agent/operations/job.ts";
import { GrowingNumber } from "../../../../../agent/trust/growingNumber.ts";
import { TrustState } from "../../../../../agent/trust/trustState.ts";
import type { LocalDirectory } from "../../../../../local/localDirectory.ts";
import { lateOutcomes } from "../../../../../protocol/lateOutcomes.ts";
import type { Outcome } from "../../../../../protocol/outcome.ts";
import { openReply } from "../../../../../protocol/reply.ts";
import type { Request } from "../../../../../protocol/request.ts";
import { TENANT, type Wish } from "../../requests.ts";
import { type EnrolledKey, enrolledKey, heldKeys, TrustRoot } from "../../trustRoot.ts";
import type { OperationsFixture } from "../fixture.ts";

/** Milliseconds that the modifies of these agents may take. */
const MODIFY_MS = 10_000;
/** Time enough on a slow machine too: no case is about running out of it. */
const REQUEST_SECONDS = 60;
/** Milliseconds that jobs have to end once a test is over. */
const GRACE_MS = 1_000;

/** What is particular about one agent. */
export interface AgentWishes {
  /** As the agent reaches it. */
  readonly directory?: LocalDirectory;
  /** The journal of an agent that ran before. */
  readonly journal?: string;
  readonly settings?: Partial<OperationSettings>;
  /** Right before each write is sent, once it is in the journal. */
  readonly beforeWrite?: () => Promise<void> | void;
}

/** An agent from the opened message to the sealed reply, without the bus in between. */
export interface TestAgent {
  readonly journal: string;
  /** Events of its log. */
  readonly events: readonly string[];
  /** Takes a message that somebody held so many times before. */
  take(request: Request, deliveryCount?: number): Promise<void>;
  /** What it has told of a request, in replies and late. */
  told(request: Request): Promise<Outcome[]>;
}

/** Agents of one connector on one directory. */
export class Agents {
  private readonly fixture: OperationsFixture;
  private readonly folder: string;
  private readonly root: TrustRoot;
  private readonly keys: readonly [EnrolledKey, EnrolledKey];
  private readonly ends: (() => Promise<void>)[] = [];
  private made = 0;

  private constructor(
    fixture: OperationsFixture,
    folder: string,
    root: TrustRoot,
    keys: readonly [EnrolledKey, EnrolledKey],
  ) {
    this.fixture = fixture;
    this.folder = folder;
    this.root = root;
    this.keys = keys;
  }

  static async open(fixture: OperationsFixture): Promise<Agents> {
    const folder = await mkdtemp(join(tmpdir(), "agents-"));
    const keys = await Promise.all([enrolledKey(), enrolledKey()]);
    return new Agents(fixture, folder, await TrustRoot.create(), keys);
  }

  async close(): Promise<void> {
    await Promise.all(this.ends.map((end) => end()));
    await rm(this.folder, { recursive: true });
  }

  request(wish: Wish<Request>): Request {
    return this.root.request({ exp: Date.now() / 1_000 + REQUEST_SECONDS, ...wish });
  }

  /** Everything that agents have left on disk. */
  async onDisk(): Promise<Buffer> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return Buffer.concat(
      await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))),
    );
  }

  /** The first two are one connector's two; every further one stands in for the second. */
  async agent(wishes: AgentWishes = {}): Promise<TestAgent> {
    const own = Math.min(this.made, 1) as 0 | 1;
    this.made += 1;
    const { fixture, root, folder } = this;
    const clock = new Clock();
    const id = `agent-${own}`;
    const key = this.keys[own];
    const number = await GrowingNumber.open(join(folder, randomUUID()));
    const identity = { agent: id, connector: root.connector, keys: heldKeys(key) };
    const trust = new TrustState(root.rootKey, identity, clock, number);
    const entries = this.keys.map((each, at) => root.entry(`agent-${at}`, each));
    await trust.accept(root.list(1, entries));
    const pool = poolOf(fixture, wishes.directory ?? fixture.directory);
    const journal = wishes.journal ?? randomUUID();
    const told: Outcome[] = [];
    const replies: { request: string; body: Uint8Array }[] = [];
    const events: string[] = [];
    const log = (name: string) => void events.push(name);
    const ledger = new Ledger({
      agent: id,
      log,
      wall: Date.now,
      journal: await Journal.open(join(folder, journal), {
        now: () => clock.now(),
        wall: Date.now,
      }),
      observer: new Observer({
        read: (intent) => readSeen([pool], intent),
        modifyMs: MODIFY_MS,
        wall: Date.now,
        sleep: (milliseconds) => sleep(milliseconds),
      }),
      late: new LateOutcomeSender({
        agent: id,
        post: async (_, body) => void told.push(...lateOutcomes.parse(body).outcomes),
        log,
        told: () => {},
        wall: Date.now,
      }),
    });
    const settings = { ...fixture.settings, ...wishes.settings };
    const inbox = new Inbox({
      opener: { trust, clock, tenant: TENANT, refresh: async () => {} },
      execute: (request, remaining) =>
        execute(request, {
          pool,
          settings,
          remaining,
          note: async (...asked) => {
            await ledger.note(request)?.(...asked);
            await wishes.beforeWrite?.();
          },
        }),
      ledger,
      reply: async ({ correlationId }, body) => void replies.push({ request: correlationId, body }),
      log,
      afterExpiryMs: MODIFY_MS,
    });
    this.ends.push(async () => {
      await inbox.stop(GRACE_MS, GRACE_MS);
      await ledger.stop();
      pool.close();
    });
    return {
      journal,
      events,
      take: async (request, deliveryCount = 0) => {
        const body = Buffer.from(await root.seal(request, ...this.keys));
        const messageId = request.jti;
        await inbox.handle({ body, messageId, deliveryCount, replySession: "session" });
      },
      told: async (request) => {
        const own = replies.filter((reply) => reply.request === request.jti);
        const opened = own.map(({ body }) => openReply(body, request.replyKey, request.jti));
        const late = told.filter((outcome) => outcome.request === request.jti);
        return [...(await Promise.all(opened)), ...late];
      },
    };
  }
}

/** A pool as the fixture makes it, on a directory that is reached another way. */
export function poolOf(fixture: OperationsFixture, directory: LocalDirectory): DirectoryPool {
  const { directory: own } = fixture;
  fixture.directory = directory;
  try {
    return fixture.newPool();
  } finally {
    fixture.directory = own;
  }
}
