import { randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { routes } from "../../../functions/routes.ts";
import { PASSWORD_METHOD, TestCloud } from "../functions/testCloud.ts";

/** Found in a log, an answer or a table, it tells that something of a caller's got there. */
const MARK = "injected7f3a";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud?.half.stop());
beforeEach(() => cloud.half.heartbeat());

/** A GET or POST with headers that `fetch` would not send. */
const raw = (path: string, headers: Record<string, string | string[]>, body = "{}") =>
  new Promise<{ status: number | undefined; headers: object; text: string }>((resolve, reject) => {
    const sent = httpRequest(
      new URL(path, cloud.half.url),
      { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () =>
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });

const claims = Buffer.from(
  JSON.stringify({
    auth_typ: "aad",
    claims: [
      { typ: "roles", val: "Operator" },
      { typ: "http://schemas.microsoft.com/identity/claims/objectidentifier", val: "somebody" },
    ],
  }),
).toString("base64");

test("x-ms-client-principal headers are ignored on every route", async () => {
  const headers = {
    "x-ms-client-principal": claims,
    "x-ms-client-principal-id": "5a3f1c00-0000-4000-8000-000000000011",
    "x-ms-client-principal-name": "admin@contoso.example",
    "x-ms-client-principal-idp": "aad",
    "x-ms-token-aad-access-token": await cloud.half.tokens.globalAdministrator(),
    "x-ms-auth-token": await cloud.half.tokens.globalAdministrator(),
  };
  const passed = await Promise.all(
    routes.map(async ({ name, method, route }) => {
      const path = `/${route.replace(/\{\w+\}/g, randomUUID())}`;
      const { status } = await cloud.send(path, {
        method,
        headers,
        ...(method === "GET" ? {} : { body: {} }),
      });
      return status === 401 ? [] : [name];
    }),
  );
  expect(passed.flat()).toEqual(["health"]);
});

test("headers that would write into logs and answers are inert", async () => {
  const token = await cloud.half.tokens.user(cloud.person());
  const body = JSON.stringify({ currentPassword: "Old-Pass-1", newPassword: "N3w-Pass-1" });
  const values = [
    `${MARK}","level":"error`,
    `${MARK}%0d%0aSet-Cookie:%20a=b`,
    `\${jndi:ldap://${MARK}}`,
    `<script>${MARK}</script>`,
  ];
  for (const value of values)
    for (const name of ["client-request-id", "traceparent", "x-forwarded-for", "user-agent"]) {
      const answer = await raw(
        "/v1.0/me/changePassword",
        { Authorization: `Bearer ${token}`, [name]: value },
        body,
      );
      expect(answer.status).toBeLessThan(500);
      expect(`${JSON.stringify(answer.headers)} ${answer.text}`).not.toContain(MARK);
    }
  const key = { Authorization: `Bearer ${token}`, "Idempotency-Key": `${MARK} \u00e9` };
  expect((await raw("/v1.0/me/changePassword", key, body)).status).toBe(400);
  expect(cloud.half.logged.filter((record) => record.includes(MARK))).toEqual([]);
});

test.each([
  `' or startswith(userPrincipalName,'${MARK}')`,
  `${MARK}' or '1'='1`,
  `../../${MARK}`,
  `..%2f..%2f${MARK}`,
  `${MARK}?$filter=id ne null`,
  `${MARK}#@corp.example`,
  `${MARK}&$select=passwordProfile`,
  `${MARK})(objectClass=*`,
  `*${MARK}*`,
  `${MARK}\u0000`,
  `\u202e${MARK}`,
])(
  "a name that would be a filter or a path (%j) finds nobody and is not repeated",
  async (user) => {
    const { tokens } = cloud.half;
    const proof = { methods: ["mobilePhone"], time: new Date().toISOString() };
    const before = cloud.half.agent.requests.length;
    const answers = [
      await cloud.send("/v1.0/selfService/resetPassword", {
        token: await tokens.portal(),
        body: { user, newPassword: "N3w-Pass-1", proof },
      }),
      await cloud.send(
        `/v1.0/users/${encodeURIComponent(user)}/authentication/methods/${PASSWORD_METHOD}/resetPassword`,
        { token: await tokens.helpdesk(), body: { newPassword: "N3w-Pass-1" } },
      ),
      await cloud.get(
        `/v1.0/selfService/operations/${encodeURIComponent(user)}`,
        await tokens.portal(),
      ),
    ];
    for (const { status, text } of answers) {
      expect([400, 404]).toContain(status);
      expect(text).not.toContain(MARK);
    }
    expect(cloud.half.agent.requests.length).toBe(before);
    expect(cloud.half.logged.filter((record) => record.includes(MARK))).toEqual([]);
  },
);

test.each<[string, string]>([
  ["a prototype", `{"newPassword":"N3w-Pass-1","__proto__":{"roles":["Operator"]}}`],
  ["a constructor", `{"newPassword":"N3w-Pass-1","constructor":{"prototype":{"${MARK}":1}}}`],
  ["a member too many", `{"newPassword":"N3w-Pass-1","origin":"admin"}`],
  ["an account of its own", `{"newPassword":"N3w-Pass-1","target":{"sid":"S-1-5-32-544"}}`],
  ["an object for a text", `{"newPassword":{"$ne":"${MARK}"}}`],
  ["a list for a text", `{"newPassword":["N3w-Pass-1","${MARK}"]}`],
  ["a hundred levels", `${'{"a":'.repeat(100)}1${"}".repeat(100)}`],
  ["eight thousand brackets", "[".repeat(8_000)],
  ["text after it", `{"newPassword":"N3w-Pass-1"} {"${MARK}":1}`],
])("a body with %s is refused and reaches nobody", async (_, body) => {
  const before = cloud.half.agent.requests.length;
  const path = `/v1.0/users/${cloud.person().id}/authentication/methods/${PASSWORD_METHOD}/resetPassword`;
  const headers = { Authorization: `Bearer ${await cloud.half.tokens.helpdesk()}` };
  const { status, text } = await raw(path, headers, body);
  expect(status).toBe(400);
  expect(text).not.toContain(MARK);
  expect(({} as Record<string, unknown>)[MARK]).toBeUndefined();
  expect(cloud.half.agent.requests.length).toBe(before);
  expect(cloud.half.logged.filter((record) => record.includes(MARK))).toEqual([]);
});

test("a password that looks like a program reaches the agent as it was typed", async () => {
  for (const newPassword of [
    `"}],"operation":"unlock","x":"${MARK}`,
    `\${jndi:ldap://${MARK}/a}`,
    `%0d%0a%00{{7*7}}'; drop table ${MARK};--`,
    `<script>${MARK}</script>\r\n`,
  ]) {
    const person = cloud.person();
    expect((await cloud.change(person, {}, newPassword)).status).toBe(204);
    expect(cloud.half.agent.requests.at(-1)).toMatchObject({ operation: "change", newPassword });
  }
  expect(cloud.half.logged.filter((record) => record.includes(MARK))).toEqual([]);
});
