import type { GUARDS } from "../../../functions/access/guard.ts";
import { SCOPES } from "../../../functions/access/permissions.ts";
import type { Route } from "../../../functions/http/apiCall.ts";
import { routes } from "../../../functions/routes.ts";
import { isQuestion } from "../../../protocol/request.ts";
import { type Answer, TestCloud } from "./testCloud.ts";
import { goodTokens, type MakeToken, wrongTokens } from "./tokenCatalogue.ts";

let cloud: TestCloud;
/** Tokens by the names of the catalogue. */
let good: Readonly<Record<string, string | undefined>>;
let wrong: Readonly<Record<string, string | undefined>>;
const made = async (catalogue: Readonly<Record<string, MakeToken>>) =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(catalogue).map(async ([name, make]) => [name, await make()] as const),
    ),
  );
beforeAll(async () => {
  cloud = await TestCloud.start();
  good = await made(goodTokens(cloud.half));
  wrong = await made(wrongTokens(cloud.half));
});
afterAll(() => cloud.half.stop());

const OWN = "/v1.0/me/changePassword";
const addressOf = ({ route }: Route) => `/${route.replace(/\{\w+\}/g, "nobody@corp.example")}`;
const call = (route: Route, token: string | undefined): Promise<Answer> =>
  cloud.send(addressOf(route), { token, method: route.method });

/** The guard of each route: who may not pass here is refused there. */
const CELLS: Readonly<Record<string, keyof typeof GUARDS>> = {
  health: "anyone",
  changeOwnPassword: "user",
  resetOwnPassword: "userStepUp",
  unlockOwnAccount: "userStepUp",
  ownPasswordRules: "user",
  ownOperation: "user",
  selfServiceChangePassword: "portal",
  selfServiceResetPassword: "portal",
  selfServiceUnlockAccount: "portal",
  selfServicePasswordRules: "portal",
  selfServiceAvailability: "portal",
  selfServiceOperation: "portal",
  adminResetPassword: "adminOrAutomation",
  userPasswordRules: "admin",
  userOperation: "adminOrAutomation",
  adminUnlockAccount: "adminOrAutomation",
  requirePasswordChange: "adminOrAutomation",
  readSettings: "operator",
  changeSettings: "operator",
  probe: "operator",
  unblock: "operator",
  readTrustList: "operator",
  publishTrustList: "operator",
  agents: "operator",
  status: "operator",
  directoryAudits: "auditReader",
  agentHeartbeat: "agent",
  agentOutcomes: "agent",
};

/** Which good tokens pass which guard; every other one is refused. */
const PASSES: Readonly<Record<Exclude<keyof typeof GUARDS, "anyone">, readonly string[]>> = {
  user: ["user", "userSteppedUp", "userWithEveryRole"],
  userStepUp: ["userSteppedUp"],
  portal: ["portal"],
  admin: ["helpdesk", "globalAdministrator"],
  adminOrAutomation: ["helpdesk", "globalAdministrator", "automation"],
  operator: ["globalAdministrator", "operatorOnly", "operator"],
  auditReader: ["globalAdministrator", "operatorOnly", "operator"],
  agent: ["agent"],
};
const whoPasses = (route: string): readonly string[] => {
  const guard = CELLS[route];
  if (guard === undefined) return [];
  return guard === "anyone" ? Object.keys(good) : PASSES[guard];
};

/** Codes with which a guard refuses; whatever else comes, the handler ran. */
const REFUSALS: Readonly<Record<string, number>> = {
  unauthenticated: 401,
  stepUpRequired: 401,
  accessDenied: 403,
};

test("every route has its guard here", () => {
  expect(Object.keys(CELLS).sort()).toEqual(routes.map(({ name }) => name).sort());
});

describe.each(routes.map((route) => [route.name, route] as const))("%s", (name, route) => {
  test("lets only the cells of its guard pass", async () => {
    const passed: string[] = [];
    for (const [who, token] of Object.entries(good)) {
      const { code, status } = await call(route, token);
      const refusal = REFUSALS[code ?? ""];
      if (refusal === undefined) passed.push(who);
      else expect(status).toBe(refusal);
    }
    expect(passed.sort()).toEqual([...whoPasses(name)].sort());
    // An unlock has no body: who may unlock their own account has just done it.
    const written = cloud.half.agent.requests.filter(
      (request) => !isQuestion(request) && request.operation !== "unlock",
    );
    expect(written).toEqual([]);
  });

  test("refuses every wrong token alike, and says nothing of why", async () => {
    if (CELLS[name] === "anyone") return;
    const shapes = new Set<string>();
    for (const token of Object.values(wrong)) {
      const { status, headers, body } = await call(route, token);
      const { innerError, ...error } = body.error ?? {};
      const challenge = headers.get("www-authenticate");
      shapes.add(JSON.stringify([status, challenge, error, innerError?.code]));
    }
    const challenge = expect.stringMatching(
      /^Bearer realm="[\w-]+", authorization_uri="[^"]+\/oauth2\/authorize", error="invalid_token"$/,
    );
    const error = { code: "unauthenticated", message: "Sign in again." };
    expect([...shapes].map((shape) => JSON.parse(shape))).toEqual([
      [401, challenge, error, "unauthenticated"],
    ]);
  });
});

test("the log says why a token was refused, and holds none", async () => {
  const reasons = cloud.half.logged.filter((line) => line.includes('"unauthenticated"'));
  const codes = new Set(
    reasons.map((line) => (JSON.parse(line) as { causeCode?: string }).causeCode),
  );
  expect([...codes].sort()).toEqual(
    [
      ...["noToken", "malformed", "expired", "algorithm", "unknownKey", "signature"],
      ...["kind", "claim:nbf", "claim:exp", "claim:iat", "claim:aud", "claim:iss", "claim:tid"],
      ...["claim:ver", "claim:oid", "claim:azp", "claim:idtyp"],
    ].sort(),
  );
  const signatures = [...Object.values(good), ...Object.values(wrong)]
    .map((token) => token?.split(".")[2] ?? "")
    .filter((signature) => signature.length > 20);
  const logged = cloud.half.logged.join("\n");
  expect(signatures.filter((signature) => logged.includes(signature))).toEqual([]);
});

test("a good token that does not allow it is told so", async () => {
  for (const who of ["helpdesk", "portal", "bareUser", "userByStranger"]) {
    const answer = await cloud.send(OWN, { token: good[who], body: {} });
    expect(answer).toMatchObject({ status: 403, code: "accessDenied" });
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer error="insufficient_scope", scope="${SCOPES.self}"`,
    );
  }
});

test("a wrong method finds no route", async () => {
  expect((await cloud.get(OWN, good.user ?? "")).status).toBe(404);
});

test("every answer has both ids, the client's own where it sent one", async () => {
  const id = "7f6c2a51-1111-4222-8333-444455556666";
  for (const path of ["/health", OWN]) {
    const { headers } = await cloud.send(path, {
      method: path === OWN ? "POST" : "GET",
      headers: { "client-request-id": id },
    });
    expect(headers.get("client-request-id")).toBe(id);
    expect(headers.get("request-id")).toMatch(/^[\da-f-]{36}$/);
  }
});
