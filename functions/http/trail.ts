/**
 * What the audit record of a call will say, beside who called what and how it ended: handlers note
 * what they learn, when they learn it. Ids, names, codes and numbers only; never a password, nor
 * anything derived from one.
 */
export interface TrailFacts {
  /** Object id and name of the person it is about. */
  readonly targetId?: string;
  readonly targetName?: string;
  readonly operationId?: string;
  readonly connector?: string;
  readonly agent?: string;
  /** Host name of the domain controller. */
  readonly server?: string;
  readonly keyVersionBefore?: number;
  readonly keyVersionAfter?: number;
  /** The portal's word on what it proved. */
  readonly proof?: string;
  /** Whether an earlier call's operation was reported and nothing was executed now. */
  readonly replayed?: boolean;
  /** Members of settings and lists before and after a change: names and values that are no secrets. */
  readonly changes?: readonly {
    readonly name: string;
    readonly before?: string;
    readonly after?: string;
  }[];
}

/** Collects what is known of a call until it is recorded. */
export class Trail {
  private noted: TrailFacts = {};

  note(facts: TrailFacts): void {
    this.noted = { ...this.noted, ...facts };
  }

  get facts(): TrailFacts {
    return this.noted;
  }
}
