import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

/** Milliseconds that one call to Graph may take; the pipeline retries twice within it. */
const TIMEOUT_MS = 5_000;

export interface GraphOptions {
  /** Sent as JSON with POST; without it the call is a GET. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks Microsoft Graph with the functions' own identity. Nothing is ever written there.
 * `docs/administrators.md` lists every call with the permission that it takes.
 */
export type GraphCall = (path: string, options?: GraphOptions) => Promise<PipelineResponse>;

/** Microsoft Graph in Azure's clouds. */
const CLOUDS: ReadonlySet<string> = new Set([
  "https://graph.microsoft.com",
  "https://graph.microsoft.us",
  "https://dod-graph.microsoft.us",
  "https://microsoftgraph.chinacloudapi.cn",
]);

/** What to ask a token for: each national cloud has a Graph of its own. */
export const graphScope = (baseUrl: string): string =>
  `${CLOUDS.has(baseUrl) ? baseUrl : "https://graph.microsoft.com"}/.default`;

/** @param baseUrl of Microsoft Graph, without a trailing slash */
export function graphClient(baseUrl: string, credential: TokenCredential): GraphCall {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 },
    userAgentOptions: { userAgentPrefix: "password-writeback" },
  });
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: graphScope(baseUrl) }));
  const http = createDefaultHttpClient();
  return (path, { body, headers = {} } = {}) =>
    pipeline.sendRequest(
      http,
      createPipelineRequest({
        url: `${baseUrl}${path}`,
        method: body === undefined ? "GET" : "POST",
        headers: createHttpHeaders({
          // Somebody waits for each of these calls: where Graph throttles, it sees to them first.
          "x-ms-throttle-priority": "high",
          ...headers,
          ...(body !== undefined && { "content-type": "application/json" }),
        }),
        ...(body !== undefined && { body: JSON.stringify(body) }),
        abortSignal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
}
