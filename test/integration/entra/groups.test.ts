import { AZURE_CLI } from "../../../infra/entra/azureCli.ts";
import { SCOPES } from "../../../infra/entra/registration.ts";
import type { SecurityGroup } from "../../../local/identity/graph/directoryObjects.ts";
import {
  EVERYTHING,
  FUNCTIONS,
  type SetupPlace,
  SYNCED,
  startSetupPlace,
  TENANT,
} from "./entraFixture.ts";

let place: SetupPlace;
beforeEach(async () => {
  place = await startSetupPlace();
});
afterEach(() => place.stop());

const NOTHING = "Everything was right: nothing to do.";
const ROLE_OF = { operators: "Operator", helpdesk: "PasswordAdministrator", people: "Person" };
const OWN = "0f0f0f0f-0000-4000-8000-000000000001";

const group = (name: string): SecurityGroup => {
  const found = place.identity.objects.groups.find(({ uniqueName }) => uniqueName?.endsWith(name));
  if (!found) throw new Error(`There is no group of the ${name}.`);
  return found;
};
const api = () =>
  place.identity.objects.applications.find(({ uniqueName }) => uniqueName?.endsWith("-api"));
const rolesOf = (id: string) => place.identity.objects.rolesGivenTo(id);
const state = () => {
  const { applications, servicePrincipals, assignments, groups } = place.identity.objects;
  return [applications, servicePrincipals, assignments, groups];
};
/** A group that somebody else has made. */
const addGroup = (members: Partial<SecurityGroup> = {}) => {
  const { objects } = place.identity;
  const plain = {
    id: OWN,
    uniqueName: null,
    displayName: "Our operators",
    members: [],
    owners: [],
  };
  const made = { ...plain, securityEnabled: true, isAssignableToRole: false, ...members };
  objects.groups = [...objects.groups, made];
};

test("the groups are made, each with its app role; the operators' can hold Entra roles", async () => {
  await place.change(EVERYTHING);
  const done = await place.run("api");
  expect(done).toMatchObject({ code: 0, errors: "" });
  for (const [name, role] of Object.entries(ROLE_OF)) {
    expect(rolesOf(group(name).id)).toEqual([role]);
    expect(group(name)).toMatchObject({
      securityEnabled: true,
      isAssignableToRole: name === "operators",
      members: [],
    });
    expect(done.out).toContain(group(name).id);
  }
  expect(rolesOf(group("agents").id)).toEqual([]);
  expect(done.out).not.toMatch(/Others hold|cannot hold|Owners of/);
  const before = state();
  expect((await place.run("api")).out).toContain(NOTHING);
  expect(state().every((list, at) => list === before[at])).toBe(true);
});

test("it ends with the lines for azd, and with those alone that it knows", async () => {
  await place.run("api");
  const lines = (out: string) => out.match(/^ {2}azd env set \w+ [\da-f-]{36}$/gm);
  const known = [
    `  azd env set API_CLIENT_ID ${api()?.appId}`,
    `  azd env set AGENTS_GROUP_ID ${group("agents").id}`,
  ];
  expect(lines((await place.run("api")).out)).toEqual(known);
  await place.change(EVERYTHING);
  const all = await place.run("api");
  expect(lines(all.out)).toEqual([
    ...known,
    `  azd env set OPERATORS_GROUP_ID ${group("operators").id}`,
  ]);
});

test("--what-if tells all of it and makes nothing; nor does it in a tenant half set up", async () => {
  await place.change(EVERYTHING);
  const empty = state();
  const told = await place.run("api", "--what-if");
  expect(told).toMatchObject({ code: 0, errors: "" });
  expect(told.out).toContain("would be done: makes the security group of the operators");
  expect(told.out).toContain('Then the group gets the app role "Operator".');
  expect(told.out).not.toContain("azd env set");
  expect(state().every((list, at) => list === empty[at])).toBe(true);

  await place.run("api");
  const { objects } = place.identity;
  objects.assignments = objects.assignments.slice(1);
  objects.groups = objects.groups.filter((one) => one !== group("people"));
  const half = state();
  const again = await place.run("api", "--what-if");
  expect(again.out.match(/^would be done: .*$/gm)).toEqual([
    expect.stringContaining('the app role "Operator"'),
    expect.stringContaining("makes the security group of the people"),
  ]);
  expect(state().every((list, at) => list === half[at])).toBe(true);
});

test("groups that are there are taken by their ids; what else holds a role keeps it and is named", async () => {
  addGroup({ owners: [SYNCED.id], displayName: "Our\u001b[2J operators" });
  await place.change({ groups: { operators: TENANT } });
  const unknown = `The tenant has no group ${TENANT}.`;
  expect(await place.run("api")).toMatchObject({ code: 1, errors: `${unknown}\n` });
  await place.change({ groups: { operators: OWN.toUpperCase() } });
  const done = await place.run("api");
  expect(done).toMatchObject({ code: 0, errors: "" });
  expect(rolesOf(OWN)).toEqual(["Operator"]);
  expect(done.out).toContain('The group "Our?[2J operators" cannot hold Entra roles');
  expect(done.out).toContain(`who may add themselves: ${SYNCED.userPrincipalName}`);

  const { objects } = place.identity;
  const [given] = objects.assignments;
  if (!given) throw new Error("Nothing was assigned.");
  objects.assignments = [
    given,
    { ...given, id: "person", principalId: SYNCED.id },
    { ...given, id: "program", principalId: FUNCTIONS.objectId },
  ];
  const before = objects.assignments;
  const again = await place.run("api");
  expect(again.out).toContain(NOTHING);
  expect(again.out).toContain(
    `Others hold the app role "Operator" as well, and keep it: ${SYNCED.userPrincipalName}, ${FUNCTIONS.objectId}`,
  );
  expect(objects.assignments).toBe(before);
});

test("more holders than fit are counted, over all pages", async () => {
  await place.change(EVERYTHING);
  await place.run("api");
  const { objects, paging } = place.identity;
  paging.largest = 7;
  const operators = objects.assignments.find((one) => one.principalId === group("operators").id);
  if (!operators) throw new Error("The operators have no role.");
  const others = Array.from({ length: 25 }, (_, at) => ({
    ...operators,
    id: `other ${at}`,
    principalId: `0f0f0f0f-0000-4000-8000-0000000001${String(at).padStart(2, "0")}`,
  }));
  objects.assignments = [...others, ...objects.assignments];
  const { out } = await place.run("api");
  expect(out).toContain(NOTHING);
  expect(out).toMatch(/Others hold the app role "Operator".* and 5 more$/m);
});

test("a group that somebody else has put in the place of the operators' gets nothing", async () => {
  addGroup({ uniqueName: "password-writeback-operators", members: [SYNCED.id] });
  await place.change({ groups: { operators: "make" } });
  for (const options of [["--what-if"], []]) {
    const refused = await place.run("api", ...options);
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining(`(${OWN})`) });
    expect(refused.errors).toContain("which this command has not made");
  }
  expect(rolesOf(OWN)).toEqual([]);
  await place.change({ groups: { operators: OWN } });
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
});

test("a group that is no security group, or a word that is no id, is refused", async () => {
  addGroup({ securityEnabled: false });
  await place.change({ groups: { helpdesk: OWN } });
  expect((await place.run("api")).errors).toContain("is no security group");
  expect(rolesOf(OWN)).toEqual([]);
  await place.change({ groups: { helpdesk: "Helpdesk" } });
  const wrong = await place.run("api");
  expect(wrong).toMatchObject({
    code: 1,
    errors: 'The profile is not right at "groups.helpdesk".\n',
  });
  await place.change({ groups: { helpers: "make" } });
  expect((await place.run("api")).errors).toContain("groups.helpers");
});

test("a new group that another server does not know yet is waited for; what failed is gone on with", async () => {
  await place.change(EVERYTHING);
  const unknown = { status: 404, code: "Request_ResourceNotFound", path: /appRoleAssignedTo$/ };
  place.identity.graph.fail(unknown, 3);
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  expect(place.waits).toEqual([5_000, 5_000, 5_000]);

  const { objects, graph } = place.identity;
  objects.assignments = [];
  objects.groups = objects.groups.filter(({ uniqueName }) => uniqueName?.endsWith("agents"));
  graph.fail({ status: 400, path: /groups\(uniqueName='password-writeback-people'\)$/ });
  const broken = await place.run("api");
  expect(broken).toMatchObject({
    code: 1,
    errors: expect.stringContaining("run the command again"),
  });
  const operators = group("operators").id;
  expect(rolesOf(operators)).toEqual(["Operator"]);
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  expect(group("operators").id).toBe(operators);
  for (const [name, role] of Object.entries(ROLE_OF))
    expect(rolesOf(group(name).id)).toEqual([role]);
});

test("the Azure CLI is an authorised client for the operators' scope, beside other clients", async () => {
  const operate = SCOPES.find(({ value }) => value === "Writeback.Operate")?.id ?? "";
  const self = SCOPES.find(({ value }) => value === "Password.ReadWrite")?.id ?? "";
  const clients = () => api()?.api.preAuthorizedApplications;
  await place.run("api");
  expect(clients() ?? []).toEqual([]);
  const { objects } = place.identity;
  const other = { appId: FUNCTIONS.clientId, delegatedPermissionIds: [self] };
  const [registered] = objects.applications;
  if (!registered) throw new Error("Nothing is registered.");
  const preAuthorizedApplications = [{ appId: AZURE_CLI, delegatedPermissionIds: [self] }, other];
  objects.applications = [{ ...registered, api: { ...registered.api, preAuthorizedApplications } }];
  await place.change({ azureCli: true });
  const told = await place.run("api", "--what-if");
  expect(told.out).toContain("would be done: lets the Azure CLI ask for Writeback.Operate");
  expect(clients()).toBe(preAuthorizedApplications);
  const done = await place.run("api");
  expect(done).toMatchObject({ code: 0, errors: "" });
  expect(clients()).toEqual([other, { appId: AZURE_CLI, delegatedPermissionIds: [self, operate] }]);
  expect(done.out).toContain(`(setting ALLOWED_CLIENTS) as well: ${AZURE_CLI}`);
  expect((await place.run("api")).out).toContain(NOTHING);
  await place.change({});
  expect((await place.run("api")).out).toContain(NOTHING);
  expect(clients()).toHaveLength(2);
});

test("what has drifted is put right with the Azure CLI still among the clients", async () => {
  await place.change(EVERYTHING);
  await place.run("api");
  const { objects } = place.identity;
  objects.applications = objects.applications.map((one) => ({
    ...one,
    api: {
      ...one.api,
      oauth2PermissionScopes: one.api.oauth2PermissionScopes.slice(1).map((scope) => ({
        ...scope,
        type: "User",
      })),
      preAuthorizedApplications: [],
    },
  }));
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  expect(api()?.api.preAuthorizedApplications).toHaveLength(1);
  expect(api()?.api.oauth2PermissionScopes).toHaveLength(SCOPES.length);
  expect((await place.run("api")).out).toContain(NOTHING);
});

test("a role that the registration had lost is put back and given, in one run", async () => {
  await place.change(EVERYTHING);
  await place.run("api");
  const { objects } = place.identity;
  objects.assignments = [];
  objects.applications = objects.applications.map((one) => ({
    ...one,
    appRoles: one.appRoles.filter(({ value }) => value !== "Operator"),
  }));
  const told = await place.run("api", "--what-if");
  expect(told.out).toContain('the app role "Operator"');
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  expect(rolesOf(group("operators").id)).toEqual(["Operator"]);
});
