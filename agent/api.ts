import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { type ErrorCode, isErrorCode } from "@password-writeback/protocol/errors.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { z } from "zod";
import type { Credential } from "./credential.ts";

export interface ApiSettings {
  readonly url: string;
  readonly scope: string;
}

/** The cloud half did not take a call; carries the HTTP status where there was an answer. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number | undefined;
  /** The stable code of the cloud half's own error answer, where it was one. */
  readonly code: ErrorCode | undefined;

  constructor(status?: number, code?: ErrorCode) {
    super(status === undefined ? "no answer" : `HTTP ${status}`);
    this.status = status;
    this.code = code;
  }
}

const errorAnswer = z.object({
  error: z.object({ innerError: z.object({ code: z.string().max(64) }) }),
});

/** The code of an error answer; undefined for whatever else stands in its place. */
export function codeIn(body: string): ErrorCode | undefined {
  try {
    const { code } = errorAnswer.parse(JSON.parse(body)).error.innerError;
    return isErrorCode(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Sends a JSON body to a path of the cloud half and returns the JSON answer, if it has one. */
export type Post = (path: string, body: object) => Promise<unknown>;

const TIMEOUT_MS = 10_000;

/** Calls the cloud half as the agent's own service principal. No retries: the next beat is one. */
export function apiClient({ url, scope }: ApiSettings, credential: Credential): Post {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  const client = createDefaultHttpClient();
  return async (path, body) => {
    const request = createPipelineRequest({
      url: new URL(path, url).href,
      method: "POST",
      headers: createHttpHeaders({ "content-type": "application/json" }),
      body: JSON.stringify(body),
      timeout: TIMEOUT_MS,
      abortSignal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Round everything: the request's own limits do not hold for the token that it needs.
    const response = await within(TIMEOUT_MS, pipeline.sendRequest(client, request)).catch(() => {
      throw new ApiFailure();
    });
    if (response.status === 204) return undefined;
    if (response.status !== 200)
      throw new ApiFailure(response.status, codeIn(response.bodyAsText ?? ""));
    return JSON.parse(response.bodyAsText ?? "");
  };
}
