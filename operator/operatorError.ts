/** Ends a command. The message is for the person at the keyboard: ours, never a library's. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}

/** What was to be signed was shown and not approved: nothing was signed. */
export class NotApprovedError extends Error {
  override readonly name = "NotApprovedError";
}
