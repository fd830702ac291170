import type { Operation } from "./wire/request.ts";

export type OperationKind = Operation["kind"];

/** What goes wrong with one operation. `applied`: whether its effect is in the directory. */
export type Fault =
  /** The connection is reset instead of an answer. */
  | { readonly kind: "drop"; readonly applied: boolean }
  /** No answer, and the connection stays open. */
  | { readonly kind: "silence"; readonly applied: boolean }
  /** Bytes that are no LDAP message instead of an answer. */
  | { readonly kind: "garbage"; readonly applied: boolean; readonly bytes?: Buffer }
  /** Applied and answered only after this time, even if the client is gone by then. */
  | { readonly kind: "late"; readonly milliseconds: number }
  /** Refused as it comes, for instance with 51 (busy) or 52 (unavailable). */
  | { readonly kind: "refuse"; readonly code: number; readonly diagnostic?: string };

/** Faults that wait for their operation, first come, first served. */
export class Faults {
  private readonly waiting: { readonly kind: OperationKind; readonly fault: Fault }[] = [];

  /** The next operation of this kind, on whichever connection, meets the fault. */
  next(kind: OperationKind, fault: Fault): void {
    this.waiting.push({ kind, fault });
  }

  /** Forgets the faults that have not come up. */
  clear(): void {
    this.waiting.length = 0;
  }

  /** The fault for an operation that has just arrived, which uses it up. */
  take(kind: OperationKind): Fault | undefined {
    const at = this.waiting.findIndex((each) => each.kind === kind);
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0]?.fault;
  }
}
