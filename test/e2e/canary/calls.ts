import { randomBytes, randomUUID } from "node:crypto";
import type { Route } from "../../../functions/http/apiCall.ts";
import { SAMPLE_USERS, type SampleUser, userPrincipalName } from "../../../local/samples.ts";
import type { Stack } from "../../../local/stack/startStack.ts";
import { BOGUS_TOKEN, PASSWORDS } from "./secrets.ts";

/** A call that a route answers as it should. */
export interface GoodCall {
  readonly token: () => Promise<string>;
  readonly body?: () => unknown;
  readonly params?: Readonly<Record<string, string>>;
  readonly status: number;
}

export interface Heard {
  readonly status: number;
  readonly code: string | undefined;
  /** All that the caller gets. */
  readonly text: string;
}

export const sample = (about: SampleUser["about"], at = 0): SampleUser =>
  SAMPLE_USERS.filter((user) => user.about === about)[at] as SampleUser;

const proof = () => ({ methods: ["mobilePhone"], time: new Date().toISOString() });
const ofPortal = (user: SampleUser, more: object = {}) => ({
  user: userPrincipalName(user),
  proof: proof(),
  ...more,
});

/** For each route a call that succeeds, in this order: each password follows the one before. */
export function goodCalls({ tokens }: Stack): Readonly<Record<string, GoodCall>> {
  const alex = sample("ordinary");
  const sam = sample("ordinary", 1);
  const lee = sample("locked");
  const { first, second, third, own, admin } = PASSWORDS;
  const user = () => tokens.user();
  const steppedUp = () => tokens.userSteppedUp();
  const portal = () => tokens.portal();
  const helpdesk = () => tokens.helpdesk();
  const global = () => tokens.globalAdministrator();
  const agent = () => tokens.agent();
  const id = { id: sam.id };
  const nobody = { operationId: randomUUID() };
  return {
    health: { token: async () => "", status: 200 },
    selfServiceResetPassword: {
      token: portal,
      body: () => ofPortal(alex, { newPassword: first }),
      status: 200,
    },
    changeOwnPassword: {
      token: user,
      body: () => ({ currentPassword: first, newPassword: second }),
      status: 204,
    },
    selfServiceChangePassword: {
      token: portal,
      body: () => ofPortal(alex, { currentPassword: second, newPassword: third }),
      status: 200,
    },
    resetOwnPassword: { token: steppedUp, body: () => ({ newPassword: own }), status: 200 },
    unlockOwnAccount: { token: steppedUp, status: 200 },
    ownPasswordRules: { token: user, status: 200 },
    ownOperation: { token: user, params: nobody, status: 404 },
    selfServiceUnlockAccount: { token: portal, body: () => ofPortal(lee), status: 200 },
    selfServicePasswordRules: {
      token: portal,
      body: () => ({ user: userPrincipalName(alex) }),
      status: 200,
    },
    selfServiceAvailability: { token: portal, status: 200 },
    selfServiceOperation: { token: portal, params: nobody, status: 404 },
    adminResetPassword: {
      token: helpdesk,
      params: id,
      body: () => ({ newPassword: admin }),
      status: 202,
    },
    userPasswordRules: { token: helpdesk, params: id, status: 200 },
    userOperation: { token: helpdesk, params: { ...id, ...nobody }, status: 404 },
    adminUnlockAccount: { token: helpdesk, params: id, status: 200 },
    requirePasswordChange: { token: helpdesk, params: id, status: 200 },
    unblock: { token: global, params: id, status: 204 },
    probe: { token: global, body: () => ({ connector: "corp" }), status: 200 },
    readSettings: { token: global, status: 200 },
    changeSettings: {
      token: global,
      body: () => ({ helpContact: "helpdesk@corp.example" }),
      status: 200,
    },
    readTrustList: { token: global, status: 200 },
    publishTrustList: { token: global, body: () => ({ trustList: BOGUS_TOKEN }), status: 400 },
    agents: { token: global, status: 200 },
    status: { token: global, status: 200 },
    directoryAudits: { token: global, status: 200 },
    // The counter is above all of the agent's own for the rest of the run, so it comes last.
    agentOutcomes: {
      token: agent,
      params: { id: "agent-1" },
      body: () => ({ version: 1, outcomes: [{ password: PASSWORDS.hostile }] }),
      status: 204,
    },
    agentHeartbeat: {
      token: agent,
      params: { id: "agent-1" },
      body: () => ({
        version: 1,
        nonce: randomBytes(24).toString("base64url"),
        counter: 1,
        agentVersion: PASSWORDS.hostile.slice(0, 32),
        state: "listening",
        relay: "up",
        directory: { state: "up" },
        serial: 1,
      }),
      status: 400,
    },
  };
}

export class Caller {
  /** Everything that any caller was answered. */
  readonly heard: string[] = [];
  private readonly api: string;

  constructor(api: string) {
    this.api = api;
  }

  async call(
    { method, route }: Pick<Route, "method" | "route">,
    token: string,
    body?: unknown,
    params: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Heard> {
    const path = route.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? "nobody@corp.example"),
    );
    const answer = await fetch(`${this.api}/${path}`, {
      method,
      headers: { ...(token && { Authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && method !== "GET" && { body: asText(body) }),
    });
    const text = `${await answer.text()} ${JSON.stringify([...answer.headers])}`;
    this.heard.push(text);
    const code = /"innerError":\{"code":"(\w+)"/.exec(text)?.[1];
    return { status: answer.status, code, text };
  }

  /** What goes wrong on a route whoever has built it: secrets where none belongs. */
  async misuse(route: Route, good: GoodCall | undefined): Promise<void> {
    const { hostile } = PASSWORDS;
    const token = (await good?.token()) ?? "";
    const body = good?.body?.() ?? {};
    const whole = asText({ ...(body as object), newPassword: hostile });
    const inPath = { id: hostile, operationId: hostile };
    await Promise.all([
      this.call(route, ""),
      this.call(route, BOGUS_TOKEN, body),
      this.call(route, `${token.slice(0, -6)}AAAAAA`, whole),
      this.call(route, token, { ...(body as object), [hostile]: hostile }, good?.params),
      this.call(route, token, { ...(body as object), newPassword: [hostile] }, good?.params),
      this.call(route, token, { currentPassword: hostile, newPassword: hostile.repeat(20) }),
      this.call(route, token, whole.slice(0, -4), good?.params),
      this.call(route, token, hostile, inPath),
      this.call(
        { ...route, route: `${route.route}?password=${encodeURIComponent(hostile)}` },
        token,
      ),
      this.call(route, "", body, good?.params, {
        "Idempotency-Key": Buffer.from(hostile).toString("base64"),
        "User-Agent": encodeURIComponent(hostile),
        traceparent: encodeURIComponent(hostile),
        "x-ms-client-principal": Buffer.from(hostile).toString("base64"),
      }),
    ]);
  }
}

const asText = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));
