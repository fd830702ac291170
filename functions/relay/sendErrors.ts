/** Codes with which nothing can have reached the queue. */
const DEFINITE = new Set([
  "UnauthorizedAccess",
  "MessagingEntityNotFound",
  "MessagingEntityDisabled",
  "MessageSizeExceeded",
  "QuotaExceeded",
  "ECONNREFUSED",
  "ENOTFOUND",
]);

/**
 * Whether a failed send certainly sent nothing. Everything else is ambiguous: the message may be
 * on the queue although its acknowledgement was lost.
 */
export function isDefinite(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every(isDefinite);
  const { code } = error as { code?: unknown };
  return typeof code === "string" && DEFINITE.has(code);
}
