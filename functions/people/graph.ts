import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";

/** Milliseconds that one call to Graph may take; the pipeline retries twice within it. */
const TIMEOUT_MS = 5_000;

/** Reads from Microsoft Graph with the functions' own identity. */
export type GraphGet = (path: string) => Promise<PipelineResponse>;

/** @param baseUrl of Microsoft Graph, without a trailing slash */
export function graphClient(baseUrl: string, credential: TokenCredential): GraphGet {
  const pipeline = createPipelineFromOptions({
    retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 },
    userAgentOptions: { userAgentPrefix: "password-writeback" },
  });
  pipeline.addPolicy(
    bearerTokenAuthenticationPolicy({ credential, scopes: "https://graph.microsoft.com/.default" }),
  );
  const http = createDefaultHttpClient();
  return (path) =>
    pipeline.sendRequest(
      http,
      createPipelineRequest({
        url: `${baseUrl}${path}`,
        abortSignal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
}
