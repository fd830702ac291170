import type { GraphCall } from "../../../../functions/people/graph.ts";
import { Roles } from "../../../../functions/people/roles.ts";
import type { Application } from "../../../../local/identity/application.ts";
import { GRAPH } from "../../../../local/identity/resource.ts";
import { FUNCTIONS, SYNCED, startTenant, type Tenant } from "../../../contract/identityFixture.ts";
import { httpsCall } from "../https.ts";

const GROUP = "9d000000-0000-4000-8000-000000000001";
const HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
const PERMISSIONS = [
  "User.Read.All",
  "GroupMember.Read.All",
  "RoleManagement.Read.Directory",
  "PrivilegedEligibilitySchedule.Read.AzureADGroup",
];
const assigned = (directoryScopeId?: string) => ({
  principalId: SYNCED.id,
  roleDefinitionId: HELPDESK,
  ...(directoryScopeId !== undefined && { directoryScopeId }),
});

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
});
afterAll(() => tenant.stop());
afterEach(() => {
  tenant.identity.roles.set({});
  tenant.identity.groups.set([]);
  tenant.identity.paging.largest = 999;
});

/** A call of the stand-in by an application with these permissions. */
async function get(path: string, permissions: readonly string[] = PERMISSIONS) {
  const application: Application = { ...FUNCTIONS, appRoles: { [GRAPH]: permissions } };
  const subject = { kind: "app", application } as const;
  const token = await tenant.identity.mintToken({ audience: GRAPH, subject });
  return httpsCall(`${tenant.identity.graphUrl}${path}`, {
    ca: tenant.certificates.ca,
    headers: { authorization: `Bearer ${token}` },
  });
}
/** The functions' reader on the stand-in. */
function reader(permissions?: readonly string[]): Roles {
  const graph = async (path: string) => {
    const { status, json } = await get(path, permissions);
    return { status, bodyAsText: JSON.stringify(json) };
  };
  return new Roles(graph as unknown as GraphCall, tenant.identity.graphUrl);
}

const ROLES_PATH = "/v1.0/roleManagement/directory/roleAssignments";
const filter = (text: string): string => `$filter=${encodeURIComponent(text)}`;

test("an assignment is told as Graph tells it", async () => {
  tenant.identity.roles.set({ assigned: [assigned(), assigned("/administrativeUnits/x")] });
  const { status, json } = await get(`${ROLES_PATH}?${filter(`principalId eq '${SYNCED.id}'`)}`);
  expect(status).toBe(200);
  expect(json).toEqual({
    "@odata.context": `${GRAPH}/v1.0/$metadata#roleManagement/directory/roleAssignments`,
    value: ["/", "/administrativeUnits/x"].map((scope) => ({
      id: expect.any(String),
      principalId: SYNCED.id,
      roleDefinitionId: HELPDESK,
      resourceScope: scope,
      directoryScopeId: scope,
    })),
  });
});

test.each(["", "principalId ne 'x'", "principalId eq ''", `principalId eq '${SYNCED.id}' or true`])(
  "the filter %p is not understood",
  async (text) => {
    expect((await get(`${ROLES_PATH}?${filter(text)}`)).status).toBe(400);
  },
);

test("a page that is full has a link to the next, and the functions follow it", async () => {
  tenant.identity.paging.largest = 2;
  const groups = [1, 2, 3, 4, 5].map((last) => ({
    id: `9d000000-0000-4000-8000-00000000000${last}`,
    members: [SYNCED.id],
    isAssignableToRole: last === 5,
  }));
  tenant.identity.groups.set(groups);
  const first = await get(`/v1.0/users/${SYNCED.id}/transitiveMemberOf?$top=999`);
  expect(first.json).toMatchObject({
    "@odata.nextLink": expect.stringContaining(`${tenant.identity.graphUrl}/v1.0/users/`),
  });
  expect([...(await reader().heldBy(SYNCED.id)).marks]).toEqual(["roleAssignableGroup"]);
});

test("a role that comes of a group shows among what somebody is in", async () => {
  tenant.identity.groups.set([{ id: GROUP, members: [SYNCED.id], isAssignableToRole: true }]);
  tenant.identity.roles.set({ assigned: [{ principalId: GROUP, roleDefinitionId: HELPDESK }] });
  const held = await reader().heldBy(SYNCED.id);
  expect([[...held.roles], [...held.marks]]).toEqual([[HELPDESK], ["roleAssignableGroup"]]);
  expect([...(await reader().rightsOf(SYNCED.id))]).toEqual([HELPDESK]);
});

test("a group within a group is told of whom it holds, and gives them no right", async () => {
  const within = { id: GROUP.replace(/1$/, "2"), members: [SYNCED.id] };
  tenant.identity.groups.set([
    { id: GROUP, members: [within.id], isAssignableToRole: true },
    within,
  ]);
  tenant.identity.roles.set({ assigned: [{ principalId: GROUP, roleDefinitionId: HELPDESK }] });
  const { json } = await get(`/v1.0/users/${SYNCED.id}/memberOf`);
  expect(json).toMatchObject({ value: [{ id: within.id }] });
  expect((await reader().heldBy(SYNCED.id)).marks.size).toBe(1);
  expect((await reader().rightsOf(SYNCED.id)).size).toBe(0);
});

test("without a licence what is eligible is an error, which the functions know", async () => {
  tenant.identity.roles.set({ assigned: [assigned()], isLicensed: false });
  const path = "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances";
  const { status, json } = await get(`${path}?${filter(`principalId eq '${SYNCED.id}'`)}`);
  expect(status).toBe(400);
  expect(json).toMatchObject({ error: { code: "AadPremiumLicenseRequired" } });
  expect([...(await reader().heldBy(SYNCED.id)).roles]).toEqual([HELPDESK]);
});

test.each(PERMISSIONS.slice(1))("without %s nobody's roles can be read", async (missing) => {
  tenant.identity.groups.set([{ id: GROUP, members: [SYNCED.id] }]);
  expect((await reader().heldBy(SYNCED.id)).marks.size).toBe(0);
  const permissions = PERMISSIONS.filter((permission) => permission !== missing);
  await expect(reader(permissions).heldBy(SYNCED.id)).rejects.toMatchObject({
    code: "userFactsUnavailable",
  });
});

test("who may not read groups gets their ids and no error, which the functions see", async () => {
  tenant.identity.groups.set([{ id: GROUP, members: [SYNCED.id], isAssignableToRole: true }]);
  const { status, json } = await get(`/v1.0/users/${SYNCED.id}/transitiveMemberOf`, [
    "User.Read.All",
  ]);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    value: [{ id: GROUP, isAssignableToRole: null, securityEnabled: null }],
  });
  const permissions = PERMISSIONS.filter((permission) => permission !== "GroupMember.Read.All");
  await expect(reader(permissions).rightsOf(SYNCED.id)).rejects.toMatchObject({
    code: "userFactsUnavailable",
  });
});
