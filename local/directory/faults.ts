import type { Gate } from "./gate.ts";
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
  /**
   * Waits at a gate, before its effect or before its answer, even if the client is gone by then.
   */
  | { readonly kind: "hold"; readonly applied: boolean; readonly gate: Gate }
  /** Refused as it comes, for instance with 51 (busy), 52 (unavailable) or 10 (a referral). */
  | {
      readonly kind: "refuse";
      readonly code: number;
      readonly diagnostic?: string;
      readonly referrals?: readonly string[];
    }
  /** A notice of disconnection instead of an answer, then the end (RFC 4511 §4.4.1). */
  | { readonly kind: "disconnect"; readonly applied: boolean; readonly code: number };

/** Whether a fault is meant for an operation. */
type Meant = (operation: Operation) => boolean;

interface Waiting {
  readonly kind: OperationKind;
  readonly fault: Fault;
  readonly isMeant: Meant;
}

/** Faults that wait for their operation, first come, first served. */
export class Faults {
  private readonly waiting: Waiting[] = [];

  /** The next operation of this kind that it is meant for, on whichever connection, meets it. */
  next(kind: OperationKind, fault: Fault, isMeant: Meant = () => true): void {
    this.waiting.push({ kind, fault, isMeant });
  }

  /** Forgets the faults that have not come up. */
  clear(): void {
    this.waiting.length = 0;
  }

  /** The fault for an operation that has just arrived, which uses it up. */
  take(operation: Operation): Fault | undefined {
    const at = this.waiting.findIndex(
      ({ kind, isMeant }) => kind === operation.kind && isMeant(operation),
    );
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0]?.fault;
  }
}
