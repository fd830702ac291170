import { createPipelineFromOptions } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import { z } from "zod";
import { type CallAnswer, openCalls } from "../../workstation/calls.ts";
import { CommandError } from "../../workstation/commandError.ts";
import { graphScope } from "./graphClouds.ts";
import { whatItTakes } from "./rights.ts";

const TIMEOUT_MS = 60_000;
const MOST_PAGES = 20;
/** What was made a moment ago may be unknown to another server of Entra for some seconds. */
const TRIES = 7;
const BETWEEN_TRIES_MS = 5_000;
/** Codes are letters and underscores: nothing else of a refusal is repeated. */
const CODE = /^[A-Za-z_]{1,64}$/;
const NOT_THERE_YET: ReadonlySet<string> = new Set([
  "Request_ResourceNotFound",
  "NoBackingApplicationObject",
]);

const refusal = z.object({ error: z.object({ code: z.string() }) });
const page = z.object({
  value: z.array(z.unknown()).max(1_000),
  "@odata.nextLink": z.string().max(8_192).optional(),
});

type Method = "GET" | "POST" | "PATCH";
interface Answer extends CallAnswer {
  readonly code: string;
}

/** Microsoft Graph as whoever sets up the tenant. Paths are behind `/v1.0`. */
export interface Graph {
  /** What is there, `undefined` where there is nothing. @throws CommandError */
  read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** A list to its end. @throws CommandError */
  list<T>(path: string, entry: z.ZodType<T>): Promise<T[]>;
  /** Asks by POST, changes nothing. @throws CommandError */
  ask<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T>;
  /** @throws CommandError */
  write(method: "POST" | "PATCH", path: string, body: object): Promise<void>;
  /** Creates and answers what it created; PATCH with an alternate key. @throws CommandError */
  create<T>(method: "POST" | "PATCH", path: string, body: object, schema: z.ZodType<T>): Promise<T>;
  /** How another object is named in a body. */
  reference(id: string): string;
}

/**
 * @param baseUrl without `/v1.0`
 * @param sleep milliseconds, before what is not there yet is asked for again
 */
export function openGraph(
  baseUrl: string,
  credential: TokenCredential,
  sleep: (ms: number) => Promise<unknown>,
): Graph {
  const call = openCalls({
    credential,
    scopes: graphScope(baseUrl),
    milliseconds: TIMEOUT_MS,
    pipeline: createPipelineFromOptions({ retryOptions: { maxRetries: 3 } }),
  });

  const send = async (method: Method, path: string, body?: object): Promise<Answer> => {
    const isMade = method === "PATCH" && path.includes("(uniqueName=");
    const answer = await call({
      method,
      url: `${baseUrl}/v1.0${path}`,
      ...(isMade && { headers: { prefer: "create-if-missing" } }),
      body,
    });
    if (!answer) throw new CommandError(`Microsoft Graph did not answer: ${baseUrl}`);
    const code = refusal.safeParse(answer.body).data?.error.code ?? "";
    return { ...answer, code: CODE.test(code) ? code : "" };
  };

  const patiently = async (method: Method, path: string, body?: object): Promise<Answer> => {
    for (let tries = 1; ; tries += 1) {
      const answer = await send(method, path, body);
      if (answer.status < 300) return answer;
      if (!NOT_THERE_YET.has(answer.code) || tries === TRIES)
        throw refused(method, path, answer, body);
      await sleep(BETWEEN_TRIES_MS);
    }
  };

  return {
    read: async (path, schema) => {
      const answer = await send("GET", path);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw refused("GET", path, answer);
      return understood(answer, schema);
    },
    list: async (path, entry) => {
      const found: unknown[] = [];
      let next: string | undefined = path;
      for (let pages = 0; next !== undefined; pages += 1) {
        const answer: Answer = await patiently("GET", next);
        const { value, "@odata.nextLink": link } = understood(answer, page);
        found.push(...value);
        if (link !== undefined && (!link.startsWith(`${baseUrl}/v1.0/`) || pages === MOST_PAGES))
          throw new CommandError("A list of Microsoft Graph goes on elsewhere, or without end.");
        next = link?.slice(`${baseUrl}/v1.0`.length);
      }
      return understood({ body: found }, z.array(entry));
    },
    ask: async (path, body, schema) => understood(await patiently("POST", path, body), schema),
    write: async (method, path, body) => void (await patiently(method, path, body)),
    create: async (method, path, body, schema) => {
      const answer = await patiently(method, path, body);
      if (answer.status !== 201)
        throw new CommandError("Somebody else is making the same things: run the command again.");
      return understood(answer, schema);
    },
    reference: (id) => `${baseUrl}/v1.0/directoryObjects/${id}`,
  };
}

function refused(
  method: Method,
  path: string,
  { status, code }: Answer,
  body?: object,
): CommandError {
  const [plainPath = ""] = path.split("?");
  const call = `${method} ${plainPath}`;
  const told = `Microsoft Graph refused ${call} (${status}${code ? ` ${code}` : ""}).`;
  return new CommandError(
    status === 401 || status === 403
      ? `${told} ${whatItTakes(plainPath, body)} docs/entra.md has all of them.`
      : `${told} What was done so far stays; run the command again to go on.`,
  );
}

function understood<T>({ body }: Pick<Answer, "body">, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new CommandError("Microsoft Graph's answer is not understood.");
  return parsed.data;
}
