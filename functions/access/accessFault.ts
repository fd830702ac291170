/**
 * Why a caller was turned away, for the operator's log only: a word of ours, never text of the
 * token. Callers learn one and the same.
 */
export class AccessFault extends Error {
  override readonly name = "AccessFault";
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
