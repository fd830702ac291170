import type { Secret } from "../accounts/secret.ts";
import { formatRdn, type Rdn, rdnKey } from "../names/distinguishedName.ts";
import { comparisonKey } from "../schema/comparison.ts";

/** Values of an entry's own attributes, by attribute name in lower case. */
export type Attributes = Map<string, readonly Buffer[]>;

/** Replication stamp of one attribute (MS-ADTS 3.1.1.1.9). */
export interface Stamp {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly usn: number;
}

/** One object of the directory. */
export class Entry {
  readonly guid: Buffer;
  readonly attributes: Attributes;
  /** By attribute name in lower case. */
  readonly stamps = new Map<string, Stamp>();
  readonly children = new Map<string, Entry>();
  /** Forward links: whom this group holds. */
  readonly members = new Set<Entry>();
  /** Back links: the groups that hold this object. */
  readonly groups = new Set<Entry>();
  /** True for the head of a naming context: searches of the context above stop here. */
  readonly isContextHead: boolean;
  secret: Secret | undefined;
  /** Whether rights given on a container above reach it; not so once it is protected. */
  inheritsRights = true;
  private placed: { rdn: Rdn; parent: Entry | undefined; suffix: string };

  constructor(options: {
    guid: Buffer;
    attributes: Attributes;
    rdn: Rdn;
    parent: Entry | undefined;
    /** Name above the entry where no parent is held: the domain's own parent components. */
    suffix?: string;
    isContextHead?: boolean;
  }) {
    this.guid = options.guid;
    this.attributes = options.attributes;
    this.isContextHead = options.isContextHead ?? false;
    this.placed = { rdn: options.rdn, parent: options.parent, suffix: options.suffix ?? "" };
  }

  get rdn(): Rdn {
    return this.placed.rdn;
  }

  get parent(): Entry | undefined {
    return this.placed.parent;
  }

  /** Renames or moves; the store keeps its indexes in step. */
  place(rdn: Rdn, parent: Entry | undefined): void {
    this.placed = { rdn, parent, suffix: this.placed.suffix };
  }

  get dn(): string {
    const above = this.parent?.dn ?? this.placed.suffix;
    return above ? `${formatRdn(this.rdn)},${above}` : formatRdn(this.rdn);
  }

  get key(): string {
    const above = this.parent?.key ?? this.placed.suffix.toLowerCase();
    return above ? `${rdnKey(this.rdn)},${above}` : rdnKey(this.rdn);
  }

  /** First value of an attribute as text. */
  text(attribute: string): string | undefined {
    return this.attributes.get(attribute)?.[0]?.toString("utf8");
  }

  /** First value of an integer attribute, or what stands for a missing one. */
  integer(attribute: string, otherwise = 0n): bigint {
    const text = this.text(attribute);
    return text === undefined ? otherwise : BigInt(text);
  }

  /** Whether a class is among the entry's classes. */
  isA(className: string): boolean {
    const wanted = className.toLowerCase();
    const classes = this.attributes.get("objectclass") ?? [];
    return classes.some((value) => comparisonKey("oid", value) === wanted);
  }

  /** Whether the entry lies below another one, at any depth. */
  isBelow(other: Entry): boolean {
    for (let above = this.parent; above; above = above.parent) if (above === other) return true;
    return false;
  }
}
