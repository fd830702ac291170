import { randomUUID } from "node:crypto";

/** The ids that join a call with the caller's records and with ours. */
export interface CallIds {
  /** Ours: also the tracking id of everything that the call starts. */
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Whether the client chose `clientRequestId`: only then can a retry be recognised by it. */
  readonly chosenByClient: boolean;
}

const CLIENT_REQUEST_ID = /^[\w.:-]{8,128}$/;

/** A client's id is echoed and stored, so one that is no plain id is replaced by ours. */
export function callIds(headers: { get(name: string): string | null }): CallIds {
  const requestId = randomUUID();
  const given = headers.get("client-request-id") ?? "";
  const chosenByClient = CLIENT_REQUEST_ID.test(given);
  return { requestId, clientRequestId: chosenByClient ? given : requestId, chosenByClient };
}
