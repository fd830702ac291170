import { randomBytes } from "node:crypto";
import { generalizedTime, Ticks } from "../fileTime.ts";
import type { Rdn } from "../names/distinguishedName.ts";
import { sidWithRid } from "../names/sid.ts";
import { attributeType } from "../schema/attributes.ts";
import type { Entry } from "./entry.ts";
import { ValueIndex } from "./valueIndex.ts";

/** New values of attributes by name in lower case; undefined takes an attribute away. */
export type Values = ReadonlyMap<string, readonly Buffer[] | undefined>;

const FIRST_RID = 1103;
const FIRST_USN = 4096;

/** All entries, held in memory, with their indexes and replication stamps. */
export class Store {
  readonly clock: () => number;
  readonly ticks: Ticks;
  readonly index = new ValueIndex();
  /** Identifies this copy of the database in replication metadata. */
  readonly invocationId = randomBytes(16);
  readonly domainSid: Buffer;
  private readonly byKey = new Map<string, Entry>();
  private readonly byGuid = new Map<string, Entry>();
  private usn = FIRST_USN;
  private rid = FIRST_RID;

  constructor(clock: () => number, domainSid: Buffer) {
    this.clock = clock;
    this.ticks = new Ticks(clock);
    this.domainSid = domainSid;
  }

  get highestCommittedUsn(): number {
    return this.usn;
  }

  /** A SID that no principal has had. */
  nextSid(): Buffer {
    this.rid += 1;
    return sidWithRid(this.domainSid, this.rid);
  }

  findByKey(key: string): Entry | undefined {
    return this.byKey.get(key);
  }

  findByGuid(guid: Buffer): Entry | undefined {
    return this.byGuid.get(guid.toString("latin1"));
  }

  findBySid(sid: Buffer): Entry | undefined {
    return this.index.find("objectsid", sid)?.values().next().value;
  }

  /** Adds an entry that is complete, below its parent. Stamps all that it holds. */
  insert(entry: Entry): void {
    const now = generalizedTime(this.clock());
    entry.attributes.set("objectguid", [entry.guid]);
    entry.attributes.set("whencreated", [Buffer.from(now)]);
    this.register(entry);
    entry.parent?.children.set(entry.key, entry);
    this.index.addAll(entry);
    this.stamp(entry, [...entry.attributes.keys()]);
    entry.attributes.set("usncreated", [Buffer.from(String(this.usn))]);
  }

  /** Takes an entry without children away, with its links. */
  remove(entry: Entry): void {
    this.usn += 1;
    this.index.removeAll(entry);
    this.unregister(entry);
    entry.parent?.children.delete(entry.key);
    for (const group of entry.groups) group.members.delete(entry);
    for (const member of entry.members) member.groups.delete(entry);
  }

  /**
   * Writes values and stamps them under one update sequence number.
   *
   * @param stamped further attributes that changed, whose values are held elsewhere
   */
  write(entry: Entry, values: Values, stamped: readonly string[] = []): void {
    for (const [attribute, held] of values) {
      this.index.remove(entry, attribute);
      if (held?.length) entry.attributes.set(attribute, held);
      else entry.attributes.delete(attribute);
      this.index.add(entry, attribute);
    }
    this.stamp(entry, [...values.keys(), ...stamped]);
  }

  /** Gives an entry, and with it all below, another name or place. */
  move(entry: Entry, rdn: Rdn, parent: Entry): void {
    entry.parent?.children.delete(entry.key);
    const subtree = [...walk(entry)];
    for (const each of subtree) this.byKey.delete(each.key);
    entry.place(rdn, parent);
    for (const each of subtree) this.register(each);
    for (const each of subtree) {
      const children = [...each.children.values()];
      each.children.clear();
      for (const child of children) each.children.set(child.key, child);
    }
    parent.children.set(entry.key, entry);
    const name = rdn.type.toLowerCase();
    const values = [Buffer.from(rdn.value)];
    this.write(entry, new Map([[name, values]]), ["name"]);
  }

  private register(entry: Entry): void {
    this.byKey.set(entry.key, entry);
    this.byGuid.set(entry.guid.toString("latin1"), entry);
  }

  private unregister(entry: Entry): void {
    this.byKey.delete(entry.key);
    this.byGuid.delete(entry.guid.toString("latin1"));
  }

  private stamp(entry: Entry, attributes: readonly string[]): void {
    const replicated = attributes.filter((name) => attributeType(name)?.nature !== "local");
    if (replicated.length === 0) return;
    this.usn += 1;
    const time = this.clock();
    for (const name of replicated) {
      const version = (entry.stamps.get(name)?.version ?? 0) + 1;
      entry.stamps.set(name, { version, time, usn: this.usn });
    }
    entry.attributes.set("whenchanged", [Buffer.from(generalizedTime(time))]);
    entry.attributes.set("usnchanged", [Buffer.from(String(this.usn))]);
  }
}

/** An entry and all below it, parents first; other naming contexts are left out. */
export function* walk(top: Entry): Generator<Entry> {
  yield top;
  for (const child of top.children.values()) if (!child.isContextHead) yield* walk(child);
}
