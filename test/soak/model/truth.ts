import type { CarriedOut } from "../../../local/directory/connection.ts";
import type { Verdict } from "../../../protocol/outcome.ts";
import type { Request } from "../../../protocol/request.ts";

type Status = Verdict["status"];
type Operation = Parameters<CarriedOut>[0];
type Modify = Extract<Operation, { kind: "modify" }>;

/** What is known of one request: what was told of it, and what it did. */
interface Record {
  readonly request: Request;
  readonly words: { readonly status: Status; readonly effects: number }[];
  /** How often its password was set. */
  commits: number;
  /** How often its wrong current password was counted. */
  counted: number;
  /** Whether an agent that lives has written down how it ended. */
  isConcluded: boolean;
  /** Effects on the account when it was asked for. */
  readonly askedAt: number;
  /** The same when a write of it was noted first. */
  notedAt: number | undefined;
}

export interface ModelFigures {
  operations: number;
  crashes: number;
  redeliveries: number;
  /** Ended for certain, and the cloud was never told. */
  lost: number;
  /** Took effect more than once. */
  doubled: number;
  /** Told as failed, and took effect. */
  falselyFailed: number;
  definite: number;
  unknown: number;
  /** Had no effect, and told as succeeded since somebody else set a password at that time. */
  mistaken: number;
}

export const noFigures = (): ModelFigures => ({
  operations: 0,
  crashes: 0,
  redeliveries: 0,
  lost: 0,
  doubled: 0,
  falselyFailed: 0,
  definite: 0,
  unknown: 0,
  mistaken: 0,
});

/**
 * Whether an observer may have taken somebody else's new password for this one, whose answer was
 * lost: set after it was asked for, before it was told. No directory says whose it was.
 */
const isMistakable = ({ commits, askedAt, notedAt, words }: Record): boolean =>
  commits === 0 &&
  notedAt !== undefined &&
  words.every(({ status, effects }) => status !== "succeeded" || effects > askedAt);

/** A write of a new password that the directory has carried out. */
interface PasswordSet {
  readonly set: string;
  /** What `pwdLastSet` was asked to be. */
  readonly time: string | undefined;
  /** Whether its condition can tell that somebody else has set a password meanwhile. */
  readonly isTellable: boolean;
}

const CONSTRAINT_VIOLATION = 19;
const quoted = (value: Buffer | undefined): string | undefined =>
  value?.toString("utf16le").slice(1, -1);

/**
 * A model of one account, driven by what the directory carried out, and of what was told of each
 * request. It knows who set which password, since no two are the same.
 */
export class Truth {
  readonly figures: ModelFigures;
  password: string;
  /** Passwords set so far. */
  keyVersions = 0;
  mustChange = false;
  /** Changes of the password, in order: whose they were. */
  private readonly effects: (string | undefined)[] = [];
  private readonly records = new Map<string, Record>();
  private readonly names: readonly string[];
  private unlocks = 0;
  private flags = 0;
  private readonly breaches: string[] = [];

  /** @param names of the account in writes, in lower case */
  constructor(names: readonly string[], password: string, figures: ModelFigures) {
    this.names = names;
    this.password = password;
    this.figures = figures;
  }

  asked(request: Request): void {
    this.figures.operations += 1;
    const none = { commits: 0, counted: 0, notedAt: undefined, isConcluded: false };
    this.records.set(request.jti, { request, words: [], askedAt: this.effects.length, ...none });
  }

  noted(id: string): void {
    const record = this.records.get(id);
    if (record) record.notedAt ??= this.effects.length;
  }

  /** A word about a request that has reached the cloud. */
  told(id: string, status: Status): void {
    const record = this.records.get(id);
    if (!record) {
      this.breach(`a word about ${id}, which nobody asked for`);
      return;
    }
    const definite = record.words.find((word) => word.status !== "unknown")?.status;
    if (definite !== undefined && status !== "unknown" && status !== definite)
      this.breach(`${id} told ${status} after ${definite}`);
    record.words.push({ status, effects: this.effects.length });
  }

  /** An agent has written down a definite end, and has dealt with the message. */
  concluded(id: string): void {
    const record = this.records.get(id);
    if (record) record.isConcluded = true;
  }

  /** Requests whose definite end the cloud must hear of and has not. */
  get untold(): string[] {
    return this.unresolved.filter((id) => this.records.get(id)?.isConcluded);
  }

  hasWord = (id: string): boolean => (this.records.get(id)?.words.length ?? 0) > 0;

  /** Requests of which no definite word is known. */
  get unresolved(): string[] {
    return [...this.records]
      .filter(([, { words }]) => words.every(({ status }) => status === "unknown"))
      .map(([id]) => id);
  }

  /** What the directory has carried out, as it says itself. */
  readonly carriedOut: CarriedOut = (operation, code) => {
    if (operation.kind === "modify" && this.names.includes(operation.dn.toLowerCase()))
      this.modified(operation, code);
  };

  private modified({ changes }: Modify, code: number): void {
    const valueIn = (name: string, kind: "delete" | "other"): Buffer | undefined =>
      changes.find(
        (change) =>
          change.name.toLowerCase() === name && (change.kind === "delete") === (kind === "delete"),
      )?.values[0];
    const old = quoted(valueIn("unicodepwd", "delete"));
    const set = quoted(valueIn("unicodepwd", "other"));
    const time = valueIn("pwdlastset", "other")?.toString();
    const owner = this.ownerOf(set);
    // From "must change" to "must change" the condition tells nothing.
    const isTellable = valueIn("pwdlastset", "delete")?.toString() !== "0";
    if (code === 0 && set !== undefined) this.passwordSet(owner, { set, time, isTellable });
    else if (code === 0 && time === "0") {
      this.flags += 1;
      this.mustChange = true;
    } else if (code === 0 && valueIn("lockouttime", "other")) this.unlocks += 1;
    if (code === CONSTRAINT_VIOLATION && owner && old !== undefined && old !== this.password) {
      owner.counted += 1;
      if (owner.counted > 1) this.breach(`${owner.request.jti}: a wrong password counted twice`);
      if (owner.commits > 0) this.breach(`${owner.request.jti}: counted after it took effect`);
    }
  }

  private passwordSet(owner: Record | undefined, { set, time, isTellable }: PasswordSet): void {
    this.password = set;
    this.keyVersions += 1;
    this.mustChange = time === "0";
    if (owner) {
      owner.commits += 1;
      const others = this.effects.slice(owner.notedAt ?? 0);
      if (owner.commits > 1) this.breach(`${owner.request.jti} took effect twice`);
      else if (others.length > 0 && isTellable)
        this.breach(`${owner.request.jti} reverted a newer password`);
      if (owner.words.some(({ status }) => status === "failed"))
        this.breach(`${owner.request.jti} took effect after it was told as failed`);
    }
    this.effects.push(owner?.request.jti);
  }

  private ownerOf(set: string | undefined): Record | undefined {
    for (const record of this.records.values())
      if ("newPassword" in record.request && record.request.newPassword === set) return record;
    return undefined;
  }

  private breach(what: string): void {
    this.breaches.push(what);
  }

  /** @throws Error naming every rule that was broken so far */
  check(): void {
    const all = [...this.records.values()];
    for (const record of all) {
      const { request, words, commits } = record;
      const isPassword = "newPassword" in request;
      const wrongly = words.some(({ status }) => status === (commits > 0 ? "failed" : "succeeded"));
      if (isPassword && wrongly && !isMistakable(record))
        this.breach(`${request.jti} ${request.operation}: told wrongly, ${commits} effects`);
    }
    const mayHave = (operation: Request["operation"]): number =>
      all.filter(
        ({ request, words }) =>
          request.operation === operation && words.every(({ status }) => status !== "failed"),
      ).length;
    if (this.unlocks > mayHave("unlock")) this.breach("more unlocks than requests");
    if (this.flags > 2 * mayHave("requireChange")) this.breach("more flags than requests");
    if (this.breaches.length > 0) throw new Error(this.breaches.join("; "));
  }

  /** Adds up how the requests have ended. To be called once, at the end. */
  count(): void {
    for (const { request, words, commits, isConcluded } of this.records.values()) {
      const statuses = words.map(({ status }) => status);
      if (isConcluded && statuses.every((status) => status === "unknown")) this.figures.lost += 1;
      if (commits > 1) this.figures.doubled += 1;
      if ("newPassword" in request && commits === 0 && statuses.includes("succeeded"))
        this.figures.mistaken += 1;
      if (commits > 0 && statuses.includes("failed")) this.figures.falselyFailed += 1;
      if (statuses.some((status) => status !== "unknown")) this.figures.definite += 1;
      else this.figures.unknown += 1;
    }
  }

  /** As {@link count}, and forgets them: nothing more will be heard of them. */
  closeBooks(): void {
    this.check();
    this.count();
    this.records.clear();
    this.effects.length = 0;
    this.unlocks = 0;
    this.flags = 0;
  }
}
