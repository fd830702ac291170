import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { routes } from "../../../functions/routes.ts";
import { CONNECTOR, type SampleUser } from "../../../local/samples.ts";
import { type Answer, eventually, idIn, pathOf, TestCloud } from "./testCloud.ts";

/** Where connections to the bus are opened: they are nobody's own. */
const BUS = "/$servicebus/websocket";

let cloud: TestCloud;
const seen: string[] = [];

/** Notes what this process asks of the cloud half's peers; `fetch` of the tests is not seen. */
function note(message: unknown): void {
  const { request } = message as { request: ClientRequest };
  const url = new URL(request.path, `${request.protocol}//${request.getHeader("host")}`);
  const { tables, identity } = cloud.half;
  const table = /^\/[^/]+\/(\w+)/.exec(url.pathname)?.[1];
  if (url.href.startsWith(tables.url)) seen.push(`${request.method} ${table}`);
  else if (url.href.startsWith(identity.graphUrl))
    seen.push(request.getHeader("x-ms-throttle-priority") === "high" ? "Graph" : "Graph, last");
  else if (url.pathname !== BUS) seen.push(`something else: ${url.pathname}`);
}

let silent: SampleUser;
/** Operations that are there to be asked about. */
let begun: Record<"self" | "portal" | "admin", Answer>;
beforeAll(async () => {
  // As long as there are few resets instances do not talk about them.
  cloud = await TestCloud.start({ BRAKE_RESETS_PER_MINUTE: "10000" });
  silent = cloud.silentPerson();
  const [self, portal, admin] = await Promise.all([
    cloud.change(silent),
    cloud.portalReset(cloud.silentPerson()),
    cloud.adminReset(cloud.silentPerson()),
  ]);
  begun = { self, portal, admin };
  subscribe("http.client.request.start", note);
});
afterAll(() => {
  unsubscribe("http.client.request.start", note);
  return cloud.half.stop();
});
beforeEach(async () => {
  await cloud.half.heartbeat();
  seen.length = 0;
});

const byPortal = async (path: string, body: object, person = cloud.person()) =>
  cloud.send(`/v1.0/selfService/${path}`, {
    token: await cloud.half.tokens.portal(),
    body: { user: person.id, ...body },
  });
const byHelpdesk = async (path: string, method = "POST", person = cloud.person()) =>
  cloud.send(`/v1.0/users/${person.id}/${path}`, {
    token: await cloud.half.tokens.helpdesk(),
    method,
  });
const proof = () => ({ methods: ["mobilePhone"], time: new Date().toISOString() });
const steppedUp = async (path: string, body?: object) =>
  cloud.send(`/v1.0/me/${path}`, {
    token: await cloud.half.tokens.userSteppedUp(cloud.person()),
    body,
  });
const placeOf = ({ headers }: Answer) => pathOf(headers.get("location"));
/** Somebody about whose rules the agent is asked. */
function asked(): SampleUser {
  const person = cloud.person();
  cloud.answers(person, () => ({ status: "succeeded", detail: { rules: {} } }));
  return person;
}

const GROUND = ["GET ground"];
const ABOUT_SOMEBODY = ["Graph", ...GROUND];
/** One record of what was done, beside the rest. */
const AUDIT = ["POST audit"];
/** Written down before the send, concluded after it. */
const RECORD = ["POST operations", "PUT operations", ...AUDIT];
/** On one's own account the row of the index is the one that bars the next operation. */
const BARRING = ["POST unresolved", "DELETE unresolved"];
/** An attempt is counted before it is sent; one that succeeds leaves nothing. */
const COUNTED = ["POST throttle", "DELETE throttle"];
/** Whom an administrator has helped may try again, where anything was counted. */
const CLEARED = ["GET throttle"];
const INDEX = ["PUT unresolved", "DELETE unresolved"];
/** The account, groups that can hold roles, and the roles that are assigned. */
const ROLES_OF_CALLER = ["Graph", "Graph", "Graph"];
/** Groups and roles, and what is eligible, owned, and may be joined. */
const ROLES_OF_TARGET = ["Graph", "Graph", "Graph", "Graph", "Graph"];
const ROLES_OF_BOTH = [...ROLES_OF_CALLER, ...ROLES_OF_TARGET];
const BY_OWNER = [...ABOUT_SOMEBODY, ...RECORD, ...BARRING, ...COUNTED];
const BY_PORTAL = [...BY_OWNER, ...ROLES_OF_TARGET];
const BY_ADMINISTRATOR = [...ABOUT_SOMEBODY, ...ROLES_OF_BOTH, ...RECORD, ...INDEX];

const LATE = { agent: "agent-1", status: "succeeded" };
const LEFT_BEHIND = ["GET unresolved", "DELETE unresolved"];

/** What each route may cost: every further call is half a millisecond of everybody's time. */
const COSTS: Readonly<Record<string, readonly [() => Promise<{ status: number }>, string[]]>> = {
  health: [() => cloud.send("/health", { method: "GET" }), []],
  changeOwnPassword: [() => cloud.change(cloud.person()), BY_OWNER],
  resetOwnPassword: [
    () => steppedUp("resetPassword", { newPassword: "N3w-Pass-1" }),
    [...BY_OWNER, ...ROLES_OF_TARGET],
  ],
  unlockOwnAccount: [() => steppedUp("unlockAccount"), [...BY_OWNER, ...ROLES_OF_TARGET]],
  ownPasswordRules: [
    async () => cloud.get("/v1.0/me/passwordRules", await cloud.half.tokens.user(asked())),
    ABOUT_SOMEBODY,
  ],
  ownOperation: [
    async () => cloud.get(placeOf(begun.self), await cloud.half.tokens.user(silent)),
    ["GET operations"],
  ],
  selfServiceChangePassword: [
    () =>
      byPortal("changePassword", { currentPassword: "Old-1", newPassword: "N3w", proof: proof() }),
    BY_PORTAL,
  ],
  selfServiceResetPassword: [
    () => byPortal("resetPassword", { newPassword: "N3w-1", proof: proof() }),
    BY_PORTAL,
  ],
  selfServiceUnlockAccount: [() => byPortal("unlockAccount", { proof: proof() }), BY_PORTAL],
  selfServicePasswordRules: [
    () => byPortal("passwordRules", {}, asked()),
    [...ABOUT_SOMEBODY, ...ROLES_OF_TARGET],
  ],
  selfServiceAvailability: [
    async () => cloud.get("/v1.0/selfService/availability", await cloud.half.tokens.portal()),
    GROUND,
  ],
  selfServiceOperation: [
    async () => cloud.get(placeOf(begun.portal), await cloud.half.tokens.portal()),
    ["GET operations"],
  ],
  adminResetPassword: [() => cloud.adminReset(cloud.person()), [...BY_ADMINISTRATOR, ...CLEARED]],
  userPasswordRules: [
    () => byHelpdesk("passwordRules", "GET", asked()),
    [...ABOUT_SOMEBODY, ...ROLES_OF_BOTH],
  ],
  userOperation: [
    async () => cloud.get(placeOf(begun.admin), await cloud.half.tokens.helpdesk()),
    ["GET operations"],
  ],
  adminUnlockAccount: [() => byHelpdesk("unlockAccount"), [...BY_ADMINISTRATOR, ...CLEARED]],
  requirePasswordChange: [() => byHelpdesk("requirePasswordChange"), BY_ADMINISTRATOR],
  readSettings: [
    async () =>
      cloud.get("/v1.0/onPremisesIntegration", await cloud.half.tokens.globalAdministrator()),
    GROUND,
  ],
  changeSettings: [
    async () =>
      cloud.send("/v1.0/onPremisesIntegration", {
        token: await cloud.half.tokens.globalAdministrator(),
        method: "PATCH",
        body: { helpContact: "helpdesk@corp.example" },
      }),
    [...GROUND, "Graph", "PUT ground", ...AUDIT],
  ],
  probe: [
    async () =>
      cloud.send("/v1.0/probe", {
        token: await cloud.half.tokens.globalAdministrator(),
        body: { connector: CONNECTOR },
      }),
    [...GROUND, ...RECORD, ...INDEX],
  ],
  readTrustList: [
    async () => cloud.get("/v1.0/trustList", await cloud.half.tokens.globalAdministrator()),
    GROUND,
  ],
  publishTrustList: [
    async () => {
      const { operator, signingKey, agent } = cloud.half;
      const trustList = await operator.sign([signingKey], [agent.entry]);
      seen.length = 0;
      return cloud.send("/v1.0/trustList", {
        token: await cloud.half.tokens.globalAdministrator(),
        method: "PUT",
        body: { trustList },
      });
    },
    [...GROUND, "something else: /keys/root/", "PUT ground", ...AUDIT],
  ],
  agents: [
    async () => cloud.get("/v1.0/agents", await cloud.half.tokens.globalAdministrator()),
    GROUND,
  ],
  status: [
    async () => cloud.get("/v1.0/status", await cloud.half.tokens.globalAdministrator()),
    GROUND,
  ],
  directoryAudits: [
    async () =>
      cloud.get(
        "/v1.0/auditLogs/directoryAudits?$top=1",
        await cloud.half.tokens.globalAdministrator(),
      ),
    ["GET audit"],
  ],
  unblock: [
    async () =>
      cloud.send(`/v1.0/users/${cloud.person().id}/unblock`, {
        token: await cloud.half.tokens.globalAdministrator(),
      }),
    ["Graph", "Graph", "DELETE throttle", ...AUDIT],
  ],
  agentHeartbeat: [
    () => cloud.half.heartbeat(),
    ["GET ground", "GET ground", "PUT ground", "GET unresolved"],
  ],
  agentOutcomes: [
    async () =>
      cloud.send("/v1.0/agents/agent-1/outcomes", {
        token: await cloud.half.tokens.agent(),
        body: {
          version: 1,
          outcomes: [{ version: 1, request: idIn(begun.self.headers.get("location")), ...LATE }],
        },
      }),
    [
      ...["GET ground", "GET operations", "GET operations", "PUT operations", ...AUDIT],
      ...["GET throttle", "DELETE throttle", ...LEFT_BEHIND],
    ],
  ],
};

/** Waits for what goes on behind the answer, too. */
async function expectCalls(expected: readonly string[]): Promise<void> {
  await eventually(`${expected}; ${seen}`, () => seen.length >= expected.length);
  await cloud.send("/health", { method: "GET" });
  expect([...seen].sort()).toEqual([...expected].sort());
}

test("every route has its costs here", () => {
  expect(Object.keys(COSTS).sort()).toEqual(routes.map(({ name }) => name).sort());
});

test.each(Object.entries(COSTS))("%s", async (_, [send, expected]) => {
  expect((await send()).status).toBeLessThan(300);
  await expectCalls(expected);
});

test("the page on running it reckons with what a portal's reset, a heartbeat and a person's change cost", () => {
  const page = readFileSync("docs/operations.md", "utf8").replace(/\s+/g, " ");
  const count = (calls: readonly string[], pattern: RegExp) =>
    calls.filter((call) => pattern.test(call)).length;
  const [graph, reads] = [count(BY_PORTAL, /^Graph/), count(BY_PORTAL, /^GET /)];
  const tables = BY_PORTAL.length - graph;
  expect(page).toContain(`${graph} calls: the account, and five about roles`);
  expect(page).toContain(
    `${tables} requests: ${reads} read, ${tables - reads} writes over 4 tables`,
  );
  expect(
    new Set(BY_PORTAL.flatMap((call) => /^(?:POST|PUT|DELETE) (\w+)/.exec(call)?.[1] ?? [])).size,
  ).toBe(4);
  expect(count(BY_PORTAL, / audit$/)).toBe(1);
  expect(count(BY_PORTAL, / unresolved$/)).toBe(2);
  const administrator = count([...BY_ADMINISTRATOR, ...CLEARED], /^Graph/);
  expect(page).toContain(`administrator's reset takes ${administrator} calls of Graph`);
  expect(count(BY_OWNER, /^Graph/)).toBe(1);
  const [, heartbeat] = COSTS.agentHeartbeat ?? [undefined, []];
  expect([count(heartbeat, /^GET /), count(heartbeat, /^PUT /)]).toEqual([3, 1]);
});

test("a key costs a look and a row, an id of the client's a row and what it stood for before", async () => {
  await cloud.change(cloud.person(), { "Idempotency-Key": randomUUID() });
  await expectCalls([...BY_OWNER, "GET reservations", "POST reservations"]);
  seen.length = 0;
  await cloud.adminReset(cloud.person(), { "client-request-id": randomUUID() });
  await expectCalls([...BY_ADMINISTRATOR, ...CLEARED, "DELETE reservations", "PUT reservations"]);
});
