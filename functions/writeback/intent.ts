import type { OperationName, Origin, Target } from "@password-writeback/protocol/request.ts";

/** What a caller wants done, after everything that the cloud decides has been decided. */
export interface Intent {
  readonly operation: OperationName;
  readonly origin: Origin;
  readonly connector: string;
  /** Absent only for a probe. */
  readonly target?: Target;
  readonly currentPassword?: string;
  readonly newPassword?: string;
  readonly mustChange?: boolean;
  /** What the portal says it proved, for the record. */
  readonly proof?: string;
}

/** Which operation on whose account, or on which connector. */
export interface Subject {
  readonly operation: OperationName;
  readonly target?: Pick<Target, "id">;
  readonly connector?: string;
}

/** What must be equal for one call to be a repeat of another. No password, nor a digest of one. */
export const subjectOf = ({ operation, target, connector }: Subject): string =>
  `${operation}|${target?.id ?? connector}`;
