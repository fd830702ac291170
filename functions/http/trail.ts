import type { OperationName, Origin } from "@password-writeback/protocol/request.ts";

/**
 * A member of settings or of a list before and after a change: names and values that are no
 * secrets.
 */
export interface Changed {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/**
 * What the audit record of a call will say, beside who called what and how it ended: handlers note
 * what they learn, when they learn it. Ids, names, codes and numbers only; never a password, nor
 * anything derived from one.
 */
export interface TrailFacts {
  /** Object id and name of the person it is about. */
  readonly targetId?: string | undefined;
  readonly targetName?: string | undefined;
  /** On whose behalf it was asked, for an operation. */
  readonly origin?: Origin | undefined;
  readonly operation?: OperationName | undefined;
  readonly operationId?: string | undefined;
  /** When the operation began: milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** How the operation ended; `running`: nobody knows. */
  readonly status?: "running" | "succeeded" | "failed" | undefined;
  /** Why it failed: a code of the error table. */
  readonly code?: string | undefined;
  readonly connector?: string | undefined;
  readonly agent?: string | undefined;
  /** Host name of the domain controller. */
  readonly server?: string | undefined;
  readonly keyVersionBefore?: number | undefined;
  readonly keyVersionAfter?: number | undefined;
  /** The portal's word on what it proved. */
  readonly proof?: string | undefined;
  /** Whether an earlier call's operation was reported and nothing was executed now. */
  readonly replayed?: boolean | undefined;
  readonly changes?: readonly Changed[] | undefined;
}

/** Collects what is known of a call until it is recorded. */
export class Trail {
  private noted: TrailFacts = {};
  private readonly concluded: () => void;

  /** @param concluded called when nothing more will be learnt, before the call itself has ended */
  constructor(concluded: () => void = () => {}) {
    this.concluded = concluded;
  }

  note(facts: TrailFacts): void {
    this.noted = { ...this.noted, ...facts };
  }

  /** Notes the last facts: the record is written while the rest of the answer is made. */
  conclude(facts: TrailFacts): void {
    this.note(facts);
    this.concluded();
  }

  get facts(): TrailFacts {
    return this.noted;
  }
}
