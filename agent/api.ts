import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { within } from "@password-writeback/protocol/within.ts";
import type { Credential } from "./credential.ts";

export interface ApiSettings {
  readonly url: string;
  readonly scope: string;
}

/** The cloud half did not take a call; carries the HTTP status where there was an answer. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number | undefined;

  constructor(status?: number) {
    super(status === undefined ? "no answer" : `HTTP ${status}`);
    this.status = status;
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
    if (response.status !== 200) throw new ApiFailure(response.status);
    return JSON.parse(response.bodyAsText ?? "");
  };
}
