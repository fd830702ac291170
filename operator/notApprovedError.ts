/** What was to be signed was shown and not approved: nothing was signed. */
export class NotApprovedError extends Error {
  override readonly name = "NotApprovedError";
}
