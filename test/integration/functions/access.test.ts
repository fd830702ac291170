import { createHmac } from "node:crypto";
import { SCOPES } from "../../../functions/access/permissions.ts";
import type { Route } from "../../../functions/http/apiCall.ts";
import { routes } from "../../../functions/routes.ts";
import { isQuestion } from "../../../protocol/request.ts";
import { TestCloud } from "./testCloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());

const OWN = "/v1.0/me/changePassword";
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const partOf = (token: string, part: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[part] ?? "", "base64url").toString("utf8"));

/** The user's token, made again under another algorithm. */
async function forged(alg: string, sign: (input: string) => Promise<string>): Promise<string> {
  const token = await cloud.half.tokens.user();
  const input = `${encode({ ...partOf(token, 0), alg })}.${encode(partOf(token, 1))}`;
  return `${input}.${await sign(input)}`;
}
const hmacByPublicKey = async (input: string) => {
  const { keys } = (await (await fetch(cloud.half.identity.jwksUri)).json()) as { keys: object[] };
  return createHmac("sha256", JSON.stringify(keys[0])).update(input).digest("base64url");
};
const user = (overrides: Record<string, unknown>) => () =>
  cloud.half.tokens.user(undefined, overrides);
const past = Math.floor(Date.now() / 1_000) - 3_600;

const WRONG: Readonly<Record<string, () => Promise<string | undefined>>> = {
  "no token": async () => undefined,
  "a malformed token": async () => "not.a.token",
  "an expired token": user({ iat: past - 60, nbf: past - 60, exp: past }),
  "a token of tomorrow": user({ nbf: past + 90_000, exp: past + 96_000 }),
  "another audience": user({ aud: "00000003-0000-0000-c000-000000000000" }),
  "another issuer": user({ iss: "https://login.microsoftonline.com/common/v2.0" }),
  "another tenant": user({ tid: "7d3c2f10-0000-4000-8000-00000000bbbb" }),
  "a v1 token": user({ ver: "1.0" }),
  "alg none": () => forged("none", async () => ""),
  "HS256 with the public key": () => forged("HS256", hmacByPublicKey),
  "a broken signature": async () => `${(await cloud.half.tokens.user()).slice(0, -8)}AAAAAAAA`,
  "neither user nor application": user({ scp: undefined, idtyp: undefined }),
};

test("whatever is wrong with a token, the answer is the same 401", async () => {
  const answers = await Promise.all(
    Object.values(WRONG).map(async (token) => cloud.send(OWN, { token: await token(), body: {} })),
  );
  const shape = ({ status, headers, body }: (typeof answers)[number]) => {
    const { innerError, ...error } = body.error ?? {};
    return { status, challenge: headers.get("www-authenticate"), error, code: innerError?.code };
  };
  const [first] = answers.map(shape);
  expect(first).toMatchObject({
    status: 401,
    challenge: expect.stringMatching(/^Bearer realm=".+", error="invalid_token"$/),
    error: { code: "unauthenticated", message: "Sign in again." },
    code: "unauthenticated",
  });
  for (const [at, name] of Object.keys(WRONG).entries())
    expect([name, shape(answers[at] as (typeof answers)[number])]).toEqual([name, first]);
});

test.each<[string, () => Promise<string>, string]>([
  ["a user's token without the scope", user({ scp: "profile" }), OWN],
  ["an administrator's token", () => cloud.half.tokens.helpdesk(), OWN],
  ["an application's token on a user's route", () => cloud.half.tokens.portal(), OWN],
  ["a user's token on an application's route", user({}), "/v1.0/selfService/unlockAccount"],
  [
    "an agent's token on the portal's route",
    () => cloud.half.tokens.agent(),
    "/v1.0/selfService/unlockAccount",
  ],
  [
    "a scope without the app role",
    () => cloud.half.tokens.helpdesk({ roles: [] }),
    "/v1.0/users/x/unlockAccount",
  ],
])("%s is 403 with a challenge", async (_, token, path) => {
  const answer = await cloud.send(path, { token: await token(), body: {} });
  expect(answer).toMatchObject({ status: 403, code: "accessDenied" });
  expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer error="insufficient_scope"/);
});

describe("of routes and tokens only the guard's cells pass", () => {
  const TOKENS: Readonly<Record<string, () => Promise<string | undefined>>> = {
    nobody: async () => undefined,
    user: () => cloud.half.tokens.user(),
    helpdesk: () => cloud.half.tokens.helpdesk(),
    globalAdministrator: () => cloud.half.tokens.globalAdministrator(),
    operatorOnly: () => cloud.half.tokens.globalAdministrator({ scp: SCOPES.operate }),
    portal: () => cloud.half.tokens.portal(),
    agent: () => cloud.half.tokens.agent(),
    bareApplication: () => cloud.half.tokens.portal({ roles: undefined }),
    bareUser: user({ scp: "openid" }),
  };
  const CELLS: Readonly<Record<string, readonly string[]>> = {
    health: Object.keys(TOKENS),
    changeOwnPassword: ["user"],
    ownPasswordRules: ["user"],
    ownOperation: ["user"],
    selfServiceChangePassword: ["portal"],
    selfServiceResetPassword: ["portal"],
    selfServiceUnlockAccount: ["portal"],
    selfServicePasswordRules: ["portal"],
    selfServiceAvailability: ["portal"],
    selfServiceOperation: ["portal"],
    adminResetPassword: ["helpdesk", "globalAdministrator"],
    userPasswordRules: ["helpdesk", "globalAdministrator"],
    userOperation: ["helpdesk", "globalAdministrator"],
    adminUnlockAccount: ["helpdesk", "globalAdministrator"],
    requirePasswordChange: ["helpdesk", "globalAdministrator"],
    readSettings: ["globalAdministrator", "operatorOnly"],
    changeSettings: ["globalAdministrator", "operatorOnly"],
    probe: ["globalAdministrator", "operatorOnly"],
    unblock: ["globalAdministrator", "operatorOnly"],
    readTrustList: ["globalAdministrator", "operatorOnly"],
    publishTrustList: ["globalAdministrator", "operatorOnly"],
    agents: ["globalAdministrator", "operatorOnly"],
    status: ["globalAdministrator", "operatorOnly"],
    directoryAudits: ["globalAdministrator", "operatorOnly"],
    agentHeartbeat: ["agent"],
    agentOutcomes: ["agent"],
  };
  const addressOf = ({ route }: Route) => `/${route.replace(/\{\w+\}/g, "nobody@corp.example")}`;

  test("every route has its cells here", () => {
    expect(Object.keys(CELLS).sort()).toEqual(routes.map(({ name }) => name).sort());
  });

  test.each(routes.map((route) => [route.name, route] as const))("%s", async (name, route) => {
    const passed: string[] = [];
    for (const [who, token] of Object.entries(TOKENS)) {
      const { code, status } = await cloud.send(addressOf(route), {
        token: await token(),
        method: route.method,
      });
      if (code === "unauthenticated" || code === "accessDenied")
        expect(status).toBe(code === "unauthenticated" ? 401 : 403);
      else passed.push(who);
    }
    expect(passed).toEqual(CELLS[name]);
    const written = cloud.half.agent.requests.filter((request) => !isQuestion(request));
    expect(written).toEqual([]);
  });

  test("a wrong method finds no route", async () => {
    const token = await cloud.half.tokens.user();
    expect((await cloud.get(OWN, token)).status).toBe(404);
  });
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
