import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { z } from "zod";

export interface SmokeTestParts {
  /** Address of the API, without a slash at the end. */
  readonly api: string;
  /** Access token of an operator; undefined where nobody is signed in. */
  readonly token: string | undefined;
  /** The command by which an operator signs in. */
  readonly signIn: string;
  readonly fetch: typeof fetch;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly print: (line: string) => void;
}
/** What one call takes. */
type Caller = Pick<SmokeTestParts, "api" | "fetch">;

/** Milliseconds for roles to hold and the first instance to start. */
const PATIENCE_MS = 10 * 60_000;
const PAUSE_MS = 15_000;
/** Milliseconds for one call; a probe of a cold instance is the longest. */
const CALL_MS = 60_000;

/** What time will not mend. */
class SmokeTestError extends Error {}

/** Codes are letters only: nothing else of an answer is repeated. */
const code = z.string().regex(/^[A-Za-z]{1,64}$/);
const failure = z.object({ error: z.object({ innerError: z.object({ code }) }) });
const status = z.object({
  value: z.array(
    z.object({
      connector: z.string().regex(/^[a-z0-9-]+$/),
      causes: z.array(z.object({ code: z.string() })),
    }),
  ),
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}

/** What is wrong, or undefined. */
type Check = () => Promise<string | undefined>;

const told = ({ status, body }: Answer): string => {
  const code = failure.safeParse(body).data?.error.innerError.code;
  return code === undefined ? String(status) : `${status} ${code}`;
};

/**
 * Tries a deployment from outside, again and again for ten minutes where time may help: that it
 * answers, that it refuses who is nobody, and that a probe ends as the trust list has it.
 * @returns whether everything was right
 */
export async function smokeTest(parts: SmokeTestParts): Promise<boolean> {
  const { token, print } = parts;
  const until = parts.now() + PATIENCE_MS;
  const attempt = async (name: string, check: Check): Promise<boolean> => {
    const wrong = await untilRight(check, until, parts);
    print(wrong === undefined ? `ok      ${name}` : `FAILED  ${name}: ${wrong}`);
    return wrong === undefined;
  };
  if (!(await attempt("GET /health answers", () => healthFault(parts)))) return false;
  if (!(await attempt("an anonymous call is refused", () => anonymousCheck(parts)))) return false;
  if (token === undefined) {
    print(`NOT TRIED  a probe: nobody is signed in with az as an operator. To try it:

  ${parts.signIn}
  azd hooks run postdeploy
`);
    return true;
  }
  return attempt("a probe of each connector", () => probeCheck(parts, token));
}

async function untilRight(
  check: Check,
  until: number,
  { now, sleep }: SmokeTestParts,
): Promise<string | undefined> {
  for (;;) {
    try {
      const wrong = await check();
      if (wrong === undefined || now() + PAUSE_MS > until) return wrong;
    } catch (error) {
      if (error instanceof SmokeTestError) return error.message;
      throw error;
    }
    await sleep(PAUSE_MS);
  }
}

async function call(caller: Caller, request: Request): Promise<Answer | undefined> {
  const { method, path, token, body } = request;
  try {
    const answer = await caller.fetch(`${caller.api}${path}`, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(CALL_MS),
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: parseJson(text) };
  } catch {
    return undefined;
  }
}

/** What is wrong with `GET /health`; undefined where the functions answer. */
export async function healthFault(caller: Caller): Promise<string | undefined> {
  const answer = await call(caller, { method: "GET", path: "/health" });
  if (!answer) return "no answer";
  const isRight = z.object({ status: z.literal("ok") }).safeParse(answer.body).success;
  return answer.status === 200 && isRight ? undefined : told(answer);
}

async function anonymousCheck(parts: SmokeTestParts): Promise<string | undefined> {
  const body = { currentPassword: "x", newPassword: "y" };
  const path = "/v1.0/me/changePassword";
  const answer = await call(parts, { method: "POST", path, body });
  if (!answer) return "no answer";
  if (answer.status < 400) throw new SmokeTestError(`it was answered with ${answer.status}`);
  return answer.status === 401 ? undefined : told(answer);
}

async function probeCheck(parts: SmokeTestParts, token: string): Promise<string | undefined> {
  const answer = await call(parts, { method: "GET", path: "/v1.0/status", token });
  if (!answer) return "no answer";
  if (answer.status === 401 || answer.status === 403)
    throw new SmokeTestError(`the account signed in with az is no operator (${told(answer)})`);
  const connectors = status.safeParse(answer.body).data?.value;
  if (answer.status !== 200 || !connectors) return `status: ${told(answer)}`;
  for (const { connector, causes } of connectors) {
    const isEnrolled = !causes.some(({ code }) => code === "noAgentEnrolled");
    const wanted = isEnrolled ? "200" : "503 noLiveAgent";
    const body = { connector };
    const probe = await call(parts, { method: "POST", path: "/v1.0/probe", token, body });
    const got = probe ? told(probe) : "no answer";
    if (got !== wanted) return `${connector}: ${got} instead of ${wanted}`;
    parts.print(
      `        ${connector}: ${got}, ${isEnrolled ? "as it should" : "before any agent"}`,
    );
  }
  return undefined;
}
