import { randomUUID } from "node:crypto";
import type { JsonAnswer } from "../http/jsonServer.ts";

/** A refusal of the token endpoint, with the AADSTS number that Entra gives the cause. */
export class EntraError extends Error {
  readonly error: string;
  readonly number: number;
  readonly status: number;

  constructor(error: string, number: number, text: string, status = 400) {
    super(`AADSTS${number}: ${text}`);
    this.name = "EntraError";
    this.error = error;
    this.number = number;
    this.status = status;
  }

  /** The error body of RFC 6749 §5.2 with Entra's additions. */
  toAnswer(now: Date): JsonAnswer {
    return {
      status: this.status,
      body: {
        error: this.error,
        error_description: this.message,
        error_codes: [this.number],
        timestamp: now.toISOString(),
        trace_id: randomUUID(),
        correlation_id: randomUUID(),
      },
    };
  }
}
