import type { TokenCredential } from "@azure/identity";
import { MAX_TRUST_LIST_CHARACTERS } from "@password-writeback/protocol/limits.ts";
import { z } from "zod";
import { type CallAnswer, openCalls } from "../workstation/calls.ts";
import { CommandError } from "../workstation/commandError.ts";
import type { Profile } from "./profile.ts";
import type { TrustListPlace } from "./trustListPlace.ts";

const TIMEOUT_MS = 40_000;

const errorBody = z.object({ error: z.object({ innerError: z.object({ code: z.string() }) }) });
const listBody = z.object({ trustList: z.string().max(MAX_TRUST_LIST_CHARACTERS) });
const agentsBody = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      live: z.boolean(),
      serial: z.number().optional(),
    }),
  ),
});

const healthBody = z.object({ status: z.literal("ok") });
const statusBody = z.object({ value: z.array(z.object({ connector: z.string() })) });

/** What the cloud half knows of an agent. */
export interface AgentState {
  readonly id: string;
  readonly live: boolean;
  /** Serial of the newest trust list that it has acknowledged. */
  readonly serial?: number | undefined;
}

/** The operator's calls of the cloud half. */
export interface Api extends TrustListPlace {
  /** @throws CommandError */
  agents(): Promise<readonly AgentState[]>;
  /** Names of the connectors that are configured. @throws CommandError */
  connectors(): Promise<readonly string[]>;
  /**
   * What keeps a trust list from being published, as far as time may mend it; undefined: nothing.
   * @throws CommandError: the operator is refused
   */
  ready(): Promise<string | undefined>;
}

interface Answer extends CallAnswer {
  readonly code: string | undefined;
}

/** Calls the cloud half with the operator's token. */
export function openApi({ api, apiClientId }: Profile, credential: TokenCredential): Api {
  const scopes = `${apiClientId}/.default`;
  const call = openCalls({ credential, scopes, milliseconds: TIMEOUT_MS });
  /** @returns undefined where nobody answers */
  const attempt = async (
    method: "GET" | "PUT",
    path: string,
    body?: object,
  ): Promise<Answer | undefined> => {
    const answer = await call({ method, url: new URL(path, api).href, body });
    return (
      answer && { ...answer, code: errorBody.safeParse(answer.body).data?.error.innerError.code }
    );
  };
  const send: (...call: Parameters<typeof attempt>) => Promise<Answer> = async (...call) => {
    const answer = await attempt(...call);
    if (!answer) throw new CommandError(`The API did not answer: ${api}`);
    return answer;
  };
  return {
    read: async () => {
      const answer = await send("GET", "/v1.0/trustList");
      if (answer.code === "trustListNotFound") return undefined;
      return bodyOf(answer, listBody).trustList;
    },
    publish: async (trustList) => {
      const answer = await send("PUT", "/v1.0/trustList", { trustList });
      if (answer.code === "trustListSuperseded")
        throw new CommandError(
          "Another list came first: somebody else has published. Run the command again.",
        );
      bodyOf(answer, z.unknown());
    },
    agents: async () => bodyOf(await send("GET", "/v1.0/agents"), agentsBody).value,
    connectors: async () => {
      const { value } = bodyOf(await send("GET", "/v1.0/status"), statusBody);
      return value.map(({ connector }) => connector);
    },
    ready: async () => {
      const health = await attempt("GET", "/health");
      if (!health) return "no answer";
      if (health.status !== 200 || !healthBody.safeParse(health.body).success)
        return `GET /health: ${told(health)}`;
      const list = await attempt("GET", "/v1.0/trustList");
      if (!list) return "no answer";
      if (list.status === 200 || list.code === "trustListNotFound") return undefined;
      // Without a code of ours it is the platform that refuses, as it does while a site starts.
      if (list.code !== undefined && isRefused(list)) bodyOf(list, listBody);
      return `GET /v1.0/trustList: ${told(list)}`;
    },
  };
}

/** Codes are letters only: nothing else of an answer is repeated. */
const CODE = /^[A-Za-z]{1,64}$/;

const isRefused = ({ status }: Answer): boolean => status === 401 || status === 403;

const told = ({ status, code = "" }: Answer): string =>
  CODE.test(code) ? `${status} ${code}` : String(status);

function bodyOf<T>(answer: Answer, schema: z.ZodType<T>): T {
  const { status, code, body } = answer;
  if (isRefused(answer))
    throw new CommandError(
      `The API refused the operator (${status}): the app role "Operator" is missing, ` +
        "or the client is not allowed.",
    );
  const named = code !== undefined && CODE.test(code) ? ` ${code}, see docs/errors.md` : "";
  if (status !== 200) throw new CommandError(`The API refused (${status}${named}).`);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new CommandError("The API's answer is not understood.");
  return parsed.data;
}
