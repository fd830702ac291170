import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { AccessSettings } from "../../../functions/access/accessSettings.ts";
import type { Caller } from "../../../functions/access/caller.ts";
import type { Route } from "../../../functions/http/apiCall.ts";
import { serve } from "../../../functions/http/serve.ts";
import type { Log } from "../../../functions/log.ts";
import type { Parts } from "../../../functions/parts.ts";
import { routes } from "../../../functions/routes.ts";
import { ERRORS } from "../../../protocol/errors.ts";
import { CALL_BODIES, CURRENT, mayBeTaken, NEW, NOW } from "./callBodies.ts";
import { mutateBytes, mutateJson, mutateText } from "./mutate.ts";
import type { Random } from "./random.ts";
import { type Fate, type TrustFigures, tally } from "./tally.ts";
import { unavailable } from "./unavailable.ts";

/** Codes with which a body or a header is refused before anything is done with it. */
const REFUSALS: ReadonlySet<string | undefined> = new Set([
  "bodyMissing",
  "bodyTooLarge",
  "invalidRequest",
  "passwordUnusable",
]);
const ID = /^[\w.:-]{8,128}$/;

const CLIENT = "7d3c2f10-0000-4000-8000-00000000b005";
const ACCESS: AccessSettings = {
  allowedClients: new Set([CLIENT]),
  acceptGraphPermissions: false,
  portalMayUseSecret: false,
  stepUp: { context: "c1", routes: {}, challenge: "Bearer" },
};

const callerFor = ({ guard }: Route): Caller => {
  const [admitted] = guard.callers === "anyone" ? [] : guard.callers;
  return {
    kind: admitted?.caller ?? "user",
    id: "5a3f1c00-0000-4000-8000-000000000011",
    application: CLIENT,
    scopes: admitted?.scope === undefined ? [] : [admitted.scope],
    roles: admitted?.role === undefined ? [] : [admitted.role],
    clientProof: "2",
    contexts: ["c1"],
  };
};

/** Parts whose peers have all gone; what is recorded of a call is kept to be searched. */
function partsFor(route: Route, recorded: unknown[]): Parts {
  const gone = unavailable();
  const given: Partial<Record<keyof Parts, unknown>> = {
    tenantId: "7d3c2f10-0000-4000-8000-00000000aaaa",
    connectors: [{ name: "corp", domains: ["corp.example"] }],
    totalWait: 2_000,
    writeStart: 1_000,
    proofMaxAge: 600_000,
    now: () => NOW,
    verifyToken: async () => callerFor(route),
    access: ACCESS,
    audit: { write: async (record: unknown) => void recorded.push(record) },
  };
  return new Proxy({} as Parts, {
    get: (_, name) => given[name as keyof Parts] ?? gone,
  });
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What stands behind the question mark. */
  readonly search?: string;
}

const requestOf = (route: Route, { headers, params, body, search = "" }: Sent): HttpRequest => {
  const url = new URL(`https://api.contoso.example/${route.route}`);
  url.search = search;
  return {
    method: route.method,
    url: url.href,
    params,
    query: url.searchParams,
    headers: { get: (name: string) => headers[name.toLowerCase()] ?? null },
    arrayBuffer: async () => Uint8Array.from(body).buffer,
  } as unknown as HttpRequest;
};

interface Served {
  readonly answer: HttpResponseInit;
  readonly code: string | undefined;
  /** All that anybody could read afterwards: answer, log, audit record. */
  readonly traces: string;
}

async function call(route: Route, sent: Sent): Promise<Served> {
  const recorded: unknown[] = [];
  const note = (event: string, fields: unknown) => void recorded.push({ event, fields });
  const log: Log = { info: note, error: note };
  const answer = await serve(route, requestOf(route, sent), partsFor(route, recorded), log);
  const { error } = (answer.jsonBody ?? {}) as { error?: { innerError?: { code?: string } } };
  return {
    answer,
    code: error?.innerError?.code,
    traces: JSON.stringify([answer, recorded]) ?? "",
  };
}

/** @throws Error where the answer is none that any caller may get */
function judgeAnswer({ answer, code, traces }: Served): void {
  const status = answer.status ?? 200;
  if (code === "internalError") throw new Error(/"place":"[^"]*/.exec(traces)?.[0] ?? code);
  if (code === undefined ? status >= 400 : !Object.hasOwn(ERRORS, code))
    throw new Error(`an answer ${status} ${code} of no table`);
  if (traces.includes(CURRENT) || traces.includes(NEW))
    throw new Error("a password was left behind");
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    if (/[^\x20-\x7e]/.test(String(value))) throw new Error(`the header ${name} is split`);
    if (name === "client-request-id" && !ID.test(String(value)))
      throw new Error("a client's id was repeated");
  }
}

const HEADERS: Readonly<Record<string, string>> = {
  authorization: "Bearer a.b.c",
  "client-request-id": "7f6c2a51-1111-4222-8333-444455556666",
  "idempotency-key": "2f6c2a51-1111-4222-8333-444455556666",
  "retry-attempt": "1",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "x-forwarded-for": "203.0.113.7:51234",
  "content-length": "64",
  "if-match": `W/"1"`,
  "x-ms-client-principal": "eyJhdXRoX3R5cCI6ImFhZCJ9",
};
const SEARCH =
  "from=2027-01-15T08:00:00Z&to=2027-01-16T08:00:00Z&actor=alex@corp.example&$top=5&$skiptoken=AAAA";
const PARAMS = {
  id: "alex@corp.example",
  operationId: "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3d",
};
const ACCEPTING = routes.filter(({ method }) => method !== "GET");

const bodyOf = ({ name }: Route): object => CALL_BODIES[name] ?? {};
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value) ?? "");

function hostileBody(random: Random, route: Route): Uint8Array {
  const healthy = bodyOf(route);
  if (random.oneIn(3)) return mutateBytes(random, bytesOf(healthy));
  const once = mutateJson(random, healthy);
  return bytesOf(random.oneIn(3) ? mutateJson(random, once) : once);
}

/** Bodies that nobody's client would send: refused with a code, or what their own text says. */
export function fuzzBodies(
  seed: number,
  count: number,
  served: readonly Route[] = ACCEPTING,
): Promise<TrustFigures> {
  return tally("bodies", seed, count, async (random): Promise<Fate> => {
    const route = random.pick(served);
    const body = hostileBody(random, route);
    const result = await call(route, {
      headers: { authorization: "Bearer a.b.c" },
      params: PARAMS,
      body,
    });
    judgeAnswer(result);
    if (REFUSALS.has(result.code)) return "refused";
    return mayBeTaken(route.name, body) ? "harmless" : "bypass";
  });
}

/** Heartbeats and late outcomes: the same, for the two routes of agents. */
export const fuzzHeartbeats = (seed: number, count: number): Promise<TrustFigures> =>
  fuzzBodies(
    seed,
    count,
    routes.filter(({ name }) => name === "agentHeartbeat" || name === "agentOutcomes"),
  );

/**
 * Headers, parts of paths and parameters that nobody's client would send: no answer repeats or
 * obeys them.
 */
export const fuzzHeaders = (seed: number, count: number): Promise<TrustFigures> =>
  tally("headers", seed, count, async (random): Promise<Fate> => {
    const route = random.pick(routes);
    const headers = { ...HEADERS };
    for (let left = 1 + random.int(3); left > 0; left -= 1) {
      const name = random.pick(Object.keys(HEADERS));
      headers[name] = mutateText(random, headers[name] ?? "");
    }
    const params = random.oneIn(2)
      ? { ...PARAMS, [random.pick(Object.keys(PARAMS))]: mutateText(random, PARAMS.id) }
      : PARAMS;
    const search = random.oneIn(2) ? mutateText(random, SEARCH) : "";
    const result = await call(route, { headers, params, search, body: bytesOf(bodyOf(route)) });
    judgeAnswer(result);
    return (result.answer.status ?? 200) >= 400 ? "refused" : "harmless";
  });
