/**
 * Everything that a log record may carry: a fixed list of ids, codes, names and numbers. No value
 * of a request but its ids, and no text of a library or of a directory.
 */
export interface LogFields {
  readonly requestId?: string;
  readonly clientRequestId?: string;
  readonly trackingId?: string;
  readonly operationId?: string;
  readonly route?: string;
  readonly operation?: string;
  readonly origin?: string;
  /** Object ids of who asked and of whom it is about. */
  readonly callerId?: string;
  readonly targetId?: string;
  readonly connector?: string;
  readonly agent?: string;
  readonly status?: string;
  /** Code and event id of the error table. */
  readonly code?: string;
  readonly eventId?: number;
  /** Name of the member, header or parameter that was wrong. */
  readonly target?: string;
  /** Name of an error's class, its code, and where in our own code it came up. */
  readonly cause?: string;
  readonly causeCode?: string;
  readonly place?: string;
  readonly reason?: string;
  /** The portal's word on what it proved. */
  readonly proof?: string;
  /** What the directory answered, in numbers and names (`DirectoryEvidence`). */
  readonly server?: string;
  readonly resultCode?: number;
  readonly win32?: string;
  readonly missingRight?: string;
  readonly policyEnforced?: boolean;
  readonly resent?: true;
  readonly compareAndSet?: boolean;
  readonly lockoutThreshold?: number | undefined;
  readonly lockoutWindowSeconds?: number | undefined;
  /** Of an audit record (`AuditRecord`). */
  readonly auditId?: string;
  readonly activityDateTime?: string;
  readonly activity?: string;
  readonly category?: string;
  readonly result?: string;
  readonly callerKind?: string;
  readonly actorName?: string | undefined;
  readonly application?: string | undefined;
  readonly tokenId?: string | undefined;
  readonly targetName?: string | undefined;
  readonly address?: string | undefined;
  readonly keyVersionBefore?: number | undefined;
  readonly keyVersionAfter?: number | undefined;
  readonly replayed?: boolean | undefined;
  readonly corrects?: string | undefined;
  readonly recovered?: boolean | undefined;
  /** Old and new values of settings, as JSON. */
  readonly changes?: string | undefined;
  readonly milliseconds?: number;
  readonly port?: number;
  /** Resets in the last minute, and how many of them are nothing unusual. */
  readonly resets?: number;
  readonly limit?: number;
  /** How many records were deleted, or could not be read. */
  readonly rows?: number;
}

/** Where operators read what happened; both hosts bring their own. */
export interface Log {
  info(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
}
