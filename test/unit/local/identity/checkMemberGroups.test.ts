import { GRAPH } from "../../../../local/identity/resource.ts";
import {
  AGENT,
  CLOUD_ONLY,
  FUNCTIONS,
  SYNCED,
  startTenant,
  type Tenant,
} from "../../../contract/identityFixture.ts";
import { httpsCall } from "../https.ts";

const group = (last: number) => `9e0a3c00-0000-4000-8000-0000000000${10 + last}`;
const [DIRECT, OUTER, OUTMOST, OTHER] = [group(1), group(2), group(3), group(4)] as const;
const HIDDEN = group(5);

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
  tenant.identity.groups.set([
    { id: DIRECT, members: [SYNCED.id] },
    { id: OUTER, members: [DIRECT.toUpperCase(), OUTMOST] },
    { id: OUTMOST, members: [OUTER] },
    { id: OTHER, members: [CLOUD_ONLY.id] },
    { id: HIDDEN, members: [SYNCED.id], visibility: "HiddenMembership" },
  ]);
});
afterAll(() => tenant.stop());

async function check(key: string, body: unknown, application = FUNCTIONS) {
  const subject = { kind: "app", application } as const;
  const token = await tenant.identity.mintToken({ audience: GRAPH, subject });
  return httpsCall(`${tenant.identity.graphUrl}/v1.0/users/${key}/checkMemberGroups`, {
    ca: tenant.certificates.ca,
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

test("membership counts through groups, even those that hold each other", async () => {
  const { status, json } = await check(SYNCED.id, {
    groupIds: [DIRECT, OUTER, OUTMOST, OTHER, HIDDEN, group(9)],
  });
  expect(status).toBe(200);
  expect(json).toEqual({
    "@odata.context": `${GRAPH}/v1.0/$metadata#Collection(Edm.String)`,
    value: [DIRECT, OUTER, OUTMOST],
  });
});

test("only what was asked for is told", async () => {
  const { json } = await check("alex%40corp.example", { groupIds: [OUTMOST.toUpperCase()] });
  expect(json).toMatchObject({ value: [OUTMOST.toUpperCase()] });
});

test.each([
  ["21 groups", { groupIds: Array.from({ length: 21 }, (_, at) => group(at)) }],
  ["an id that is none", { groupIds: ["staff"] }],
  ["no list", {}],
  ["no JSON", "{"],
])("%s is a bad request", async (_, body) => {
  expect((await check(SYNCED.id, body)).status).toBe(400);
});

test("an unknown person is not found; who may not read groups learns nothing", async () => {
  expect((await check("nobody@corp.example", { groupIds: [DIRECT] })).status).toBe(404);
  expect((await check(SYNCED.id, { groupIds: [DIRECT] }, AGENT)).status).toBe(403);
});

describe("a group by its id", () => {
  const get = async (path: string, application = FUNCTIONS) => {
    const subject = { kind: "app", application } as const;
    const token = await tenant.identity.mintToken({ audience: GRAPH, subject });
    return httpsCall(`${tenant.identity.graphUrl}/v1.0/groups/${path}`, {
      ca: tenant.certificates.ca,
      headers: { authorization: `Bearer ${token}` },
    });
  };

  test.each([
    [DIRECT, null],
    [HIDDEN, "HiddenMembership"],
  ])("%s has the visibility %p", async (id, visibility) => {
    const { status, json } = await get(`${id}?$select=id,visibility`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ id, visibility });
  });

  test("an unknown one is not found; nothing else can be selected, by nobody else", async () => {
    expect((await get(`${group(9)}?$select=id,visibility`)).status).toBe(404);
    expect((await get(DIRECT)).status).toBe(400);
    expect((await get(`${DIRECT}?$select=id,visibility`, AGENT)).status).toBe(403);
  });
});
