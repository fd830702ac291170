import type { Entry } from "../store/entry.ts";
import type { Store } from "../store/store.ts";

/** Changes to one entry that are committed together or not at all. */
export class Draft {
  readonly entry: Entry;
  private readonly values = new Map<string, readonly Buffer[] | undefined>();
  private readonly stamped: string[] = [];
  private readonly effects: (() => void)[] = [];

  constructor(entry: Entry) {
    this.entry = entry;
  }

  /** Values as they would be after the commit. */
  get(attribute: string): readonly Buffer[] {
    const held = this.values.has(attribute)
      ? this.values.get(attribute)
      : this.entry.attributes.get(attribute);
    return held ?? [];
  }

  /** Whether this draft writes the attribute. */
  wrote(attribute: string): boolean {
    return this.values.has(attribute) || this.stamped.includes(attribute);
  }

  integer(attribute: string): bigint {
    return BigInt(this.get(attribute)[0]?.toString("latin1") ?? 0);
  }

  set(attribute: string, values: readonly Buffer[]): void {
    this.values.set(attribute, values.length > 0 ? values : undefined);
  }

  setInteger(attribute: string, value: bigint | number): void {
    this.set(attribute, [Buffer.from(value.toString())]);
  }

  /** What is kept outside of the attributes: done at the commit, and stamped as `attribute`. */
  atCommit(attribute: string, effect: () => void): void {
    this.stamped.push(attribute);
    this.effects.push(effect);
  }

  commit(store: Store): void {
    for (const effect of this.effects) effect();
    store.write(this.entry, this.values, this.stamped);
  }
}
