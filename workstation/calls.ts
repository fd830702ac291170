import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
  type Pipeline,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { CommandError } from "./commandError.ts";

/** A call over HTTPS. */
export interface Call {
  readonly method: HttpMethods;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes as JSON. */
  readonly body?: object | undefined;
}

/** What came back, whatever its status. */
export interface CallAnswer {
  readonly status: number;
  /** Undefined for what is no JSON. */
  readonly body: unknown;
}

/** As whom calls are sent, and how. */
export interface CallOptions {
  readonly credential: TokenCredential;
  /** What the token is asked for. */
  readonly scopes: string;
  /** For a whole call, with its token. */
  readonly milliseconds: number;
  /** Without one nothing is retried, and nothing is there that could log. */
  readonly pipeline?: Pipeline;
}

/**
 * Opens calls as who is signed in.
 * @returns a function that sends one; its answer is undefined where there was none in time, and it
 * throws the CommandError of a credential that has no token
 */
export function openCalls(options: CallOptions): (call: Call) => Promise<CallAnswer | undefined> {
  const { credential, scopes, milliseconds, pipeline = createEmptyPipeline() } = options;
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }));
  const client = createDefaultHttpClient();
  return async ({ method, url, headers, body }) => {
    const request = createPipelineRequest({
      ...{ method, url },
      // Not `timeout`, whose timer the library leaves running after the answer.
      abortSignal: AbortSignal.timeout(milliseconds),
      headers: createHttpHeaders({
        ...(body && { "content-type": "application/json" }),
        ...headers,
      }),
      ...(body && { body: JSON.stringify(body) }),
    });
    try {
      const answer = await within(milliseconds, pipeline.sendRequest(client, request));
      return { status: answer.status, body: parseJson(answer.bodyAsText) };
    } catch (error) {
      if (error instanceof CommandError) throw error;
      return undefined;
    }
  };
}
