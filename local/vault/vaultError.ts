import type { JsonAnswer } from "../http/jsonServer.ts";

/** A refusal in Key Vault's error shape. */
export class VaultError extends Error {
  readonly status: number;
  readonly code: string;
  readonly inner: string | undefined;

  constructor(status: number, code: string, message: string, inner?: string) {
    super(message);
    this.name = "VaultError";
    this.status = status;
    this.code = code;
    this.inner = inner;
  }

  toAnswer(): JsonAnswer {
    const { code, message, inner } = this;
    const error = { code, message, ...(inner !== undefined && { innererror: { code: inner } }) };
    return { status: this.status, body: { error } };
  }
}

export const badParameter = (text: string): VaultError => new VaultError(400, "BadParameter", text);
