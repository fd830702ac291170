import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { routes } from "../../functions/routes.ts";
import { canBind } from "../../local/accounts/canBind.ts";
import type { Description } from "../../local/stack/description.ts";
import { ChildGroup } from "./childGroup.ts";

export interface HostSmoke {
  /** Folder of the built functions: the host is started in it, and finds its settings there. */
  readonly folder: string;
  /** What starts the host. */
  readonly host: readonly [string, ...string[]];
  /** Folder for what host and peers write, and for the peers' description of themselves. */
  readonly logs: string;
  readonly print: (line: string) => void;
}

/** Milliseconds for the peers or the host to start, and for the agent to find the host. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 250;
const CALL_MS = 30_000;
const NEW_PASSWORD = "Amber-Kettle-19";
const SOME_ID = "00000000-0000-4000-8000-000000000000";

/** What is wrong, or undefined. */
type Check = () => Promise<string | undefined>;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}

/**
 * Starts everything but the functions' host by `npm start -- --no-host`, and a host that is given,
 * then changes a password by way of both.
 * @returns whether everything was right
 */
export async function hostSmoke({ folder, host, logs, print }: HostSmoke): Promise<boolean> {
  const description = join(logs, "description.json");
  const settings = resolve(folder, "local.settings.json");
  const options = ["--no-host", "--settings", settings, "--describe", description];
  const peers = new ChildGroup([process.execPath, "local/start.ts", ...options], {
    folder: ".",
    logFile: join(logs, "peers.log"),
  });
  let running: ChildGroup | undefined;
  const attempt = async (what: string, check: Check, patience = 0): Promise<boolean> => {
    const wrong = await untilRight(check, () => running?.end ?? peers.end, patience);
    print(wrong === undefined ? `ok      ${what}` : `FAILED  ${what}: ${wrong}`);
    return wrong === undefined;
  };
  try {
    const isThere: Check = async () => (existsSync(description) ? undefined : "no description");
    if (!(await attempt("everything but the host has started", isThere, PATIENCE_MS))) return false;
    const made: Description = JSON.parse(readFileSync(description, "utf8"));
    running = new ChildGroup(host, {
      folder,
      logFile: join(logs, "host.log"),
      environment: { NODE_EXTRA_CA_CERTS: made.hostSettings?.caFile },
    });
    for (const [what, check, patience] of checksOf(made))
      if (!(await attempt(what, check, patience))) return false;
    return true;
  } finally {
    await running?.stop();
    await peers.stop();
  }
}

/** Tries again while time is left and both run. */
async function untilRight(
  check: Check,
  hasEnded: () => string | undefined,
  patience: number,
): Promise<string | undefined> {
  const until = performance.now() + patience;
  for (;;) {
    const wrong = await check();
    if (wrong === undefined) return undefined;
    const end = hasEnded();
    if (end !== undefined) return `${wrong}; ${end}`;
    if (performance.now() >= until) return wrong;
    await delay(PAUSE_MS);
  }
}

function checksOf(made: Description): readonly (readonly [string, Check, number?])[] {
  const { api, tokens, users, directory } = made;
  const [person] = users;
  const name = person?.userPrincipalName ?? "";
  const change = (currentPassword: string | undefined, newPassword: string) =>
    send(api, {
      method: "POST",
      path: "v1.0/me/changePassword",
      token: tokens.user,
      body: { currentPassword, newPassword },
    });
  return [
    [
      "GET /health answers",
      async () => unlike(await send(api, { method: "GET", path: "health" }), 200),
      PATIENCE_MS,
    ],
    [`${routes.length} routes are served, and refuse who is nobody`, () => refusals(api)],
    [
      "the agent is there",
      async () => {
        const path = "v1.0/selfService/availability";
        const { body } = await send(api, { method: "GET", path, token: tokens.portal });
        const isAvailable = (body as { available?: unknown } | undefined)?.available === true;
        return isAvailable ? undefined : "no agent has found the host";
      },
      PATIENCE_MS,
    ],
    [
      "a wrong current password is refused by the directory",
      async () => unlike(await change("Wrong-Password-1", NEW_PASSWORD), 400),
    ],
    [
      "a password is changed",
      async () => unlike(await change(person?.password, NEW_PASSWORD), 204),
    ],
    [
      "the directory knows the new password",
      async () => {
        const ca = readFileSync(directory.caFile, "utf8");
        const answer = await canBind({ ...directory, ca }, name, NEW_PASSWORD);
        return answer === "ok" ? undefined : `it answers ${answer}`;
      },
    ],
  ];
}

/** Whether each route is there, and open to nobody but the one that is meant for everybody. */
async function refusals(api: string): Promise<string | undefined> {
  for (const { method, route, guard } of routes) {
    const path = route.replaceAll(/\{\w+\}/g, SOME_ID);
    const wrong = unlike(await send(api, { method, path }), guard.callers === "anyone" ? 200 : 401);
    if (wrong !== undefined) return `${method} /${route}: ${wrong}`;
  }
  return undefined;
}

interface Answer {
  /** 0 where there was none. */
  readonly status: number;
  readonly body?: unknown;
}

const unlike = ({ status, body }: Answer, wanted: number): string | undefined => {
  if (status === wanted) return undefined;
  const failure = body as { error?: { innerError?: { code?: unknown } } } | undefined;
  return `${status || "no answer"} ${failure?.error?.innerError?.code ?? ""}`.trim();
};

async function send(api: string, { method, path, token, body }: Call): Promise<Answer> {
  try {
    const answer = await fetch(`${api}/${path}`, {
      method,
      signal: AbortSignal.timeout(CALL_MS),
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : undefined };
  } catch {
    return { status: 0 };
  }
}
