import { GRAPH, STORAGE } from "../../../../local/identity/resource.ts";
import {
  AGENT,
  CLOUD_ONLY,
  FUNCTIONS,
  SYNCED,
  startTenant,
  type Tenant,
} from "../../../contract/identityFixture.ts";
import { httpsCall } from "../https.ts";

let tenant: Tenant;
let token: string;

beforeAll(async () => {
  tenant = await startTenant();
  token = await tokenOf(FUNCTIONS);
});
afterAll(() => tenant.stop());
afterEach(() => tenant.identity.graph.recover());

const tokenOf = (application: typeof AGENT, audience = GRAPH) =>
  tenant.identity.mintToken({ audience, subject: { kind: "app", application } });

const FACTS = [
  "id",
  "userPrincipalName",
  "accountEnabled",
  "onPremisesSyncEnabled",
  "onPremisesImmutableId",
  "onPremisesSecurityIdentifier",
  "onPremisesDomainName",
].join(",");

const get = (path: string, bearer: string | undefined = token) =>
  httpsCall(`${tenant.identity.graphUrl}/v1.0/${path}`, {
    ca: tenant.certificates.ca,
    headers: {
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      "client-request-id": "11111111-1111-4111-8111-111111111111",
    },
  });

test.each([
  ["object id", SYNCED.id],
  ["user principal name", "ALEX%40corp.example"],
])("a user is found by %s, with the selected properties alone", async (_key, key) => {
  const { status, json, headers } = await get(`users/${key}?$select=${FACTS}`);
  expect(status).toBe(200);
  expect(json).toEqual({
    "@odata.context": `${GRAPH}/v1.0/$metadata#users(${FACTS})/$entity`,
    id: SYNCED.id,
    userPrincipalName: "alex@corp.example",
    accountEnabled: true,
    onPremisesSyncEnabled: true,
    onPremisesImmutableId: SYNCED.onPremisesImmutableId,
    onPremisesSecurityIdentifier: "S-1-5-21-1-2-3-1104",
    onPremisesDomainName: "corp.example",
  });
  expect(headers["request-id"]).toEqual(expect.any(String));
  expect(headers["client-request-id"]).toBe("11111111-1111-4111-8111-111111111111");
});

test("what a cloud-only user lacks is null", async () => {
  const { json } = await get(`users/${CLOUD_ONLY.id}?$select=${FACTS}`);
  expect(json).toMatchObject({ onPremisesSyncEnabled: null, onPremisesImmutableId: null });
});

test("without a selection the on-premises facts are not there", async () => {
  const { json } = await get(`users/${SYNCED.id}`);
  expect(json).toMatchObject({ id: SYNCED.id, displayName: "Alex Moreau" });
  expect(json).not.toHaveProperty("onPremisesSyncEnabled");
});

test("an unknown user is told in Graph's envelope", async () => {
  const { status, json } = await get("users/nobody@corp.example");
  expect(status).toBe(404);
  expect(json).toMatchObject({
    error: {
      code: "Request_ResourceNotFound",
      innerError: { "client-request-id": "11111111-1111-4111-8111-111111111111" },
    },
  });
});

test.each([
  ["an unknown property", `users/${SYNCED.id}?$select=id,shoeSize`],
  ["a property of every object", `users/${SYNCED.id}?$select=constructor`],
  ["a call that isn't offered", "groups"],
  ["a user's part that isn't offered", `users/${SYNCED.id}/manager`],
  ["a key with a bad escape", "users/%zz"],
])("%s is a bad request", async (_case, path) => {
  const { status, json } = await get(path);
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: { code: "BadRequest" } });
});

test("a token is needed, and one for Graph", async () => {
  for (const bearer of ["", "garbage", await tokenOf(FUNCTIONS, STORAGE)]) {
    const { status, json } = await get(`users/${SYNCED.id}`, bearer);
    expect(status).toBe(401);
    expect(json).toMatchObject({ error: { code: "InvalidAuthenticationToken" } });
  }
});

test("an application without User.Read.All is refused", async () => {
  const { status, json } = await get(`users/${SYNCED.id}`, await tokenOf(AGENT));
  expect(status).toBe(403);
  expect(json).toMatchObject({ error: { code: "Authorization_RequestDenied" } });
});

test("the list of people can be replaced", async () => {
  const person = { ...SYNCED, onPremisesSecurityIdentifier: "S-1-5-21-9-9-9-1105" };
  tenant.identity.people.set([person]);
  const path = `users/${SYNCED.id}?$select=onPremisesSecurityIdentifier`;
  expect((await get(path)).json).toMatchObject({
    onPremisesSecurityIdentifier: "S-1-5-21-9-9-9-1105",
  });
  expect((await get(`users/${CLOUD_ONLY.id}`)).status).toBe(404);
  tenant.identity.people.set([SYNCED, CLOUD_ONLY]);
});

test("a fault meets as many calls as it was asked for", async () => {
  tenant.identity.graph.fail({ status: 429, retryAfterSeconds: 7 }, 2);
  tenant.identity.graph.fail({ status: 503 });
  const answers = [];
  for (let call = 0; call < 4; call += 1) answers.push(await get(`users/${SYNCED.id}`));
  expect(answers.map(({ status }) => status)).toEqual([429, 429, 503, 200]);
  expect(answers[0]?.headers["retry-after"]).toBe("7");
});

test("a delay holds the answer back", async () => {
  tenant.identity.graph.fail({ delayMs: 120 });
  const begin = performance.now();
  expect((await get(`users/${SYNCED.id}`)).status).toBe(200);
  expect(performance.now() - begin).toBeGreaterThan(110);
});

test("calls are counted", async () => {
  const before = tenant.identity.counters.graphCalls;
  await get(`users/${SYNCED.id}`);
  expect(tenant.identity.counters.graphCalls).toBe(before + 1);
});
