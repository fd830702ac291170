import { ROLES, SCOPES as SCOPE_NAMES } from "../../../functions/access/permissions.ts";
import { ACCESS_TOKEN_CLAIMS, APP_ROLES, SCOPES } from "../../../infra/entra/registration.ts";
import { type SetupPlace, SYNCED, startSetupPlace } from "./entraFixture.ts";

let place: SetupPlace;
beforeEach(async () => {
  place = await startSetupPlace();
});
afterEach(() => place.stop());

const NOTHING = "Everything was right: nothing to do.";

/** All that was registered; lists are replaced by changes, so the same lists are no change. */
const registered = (of: SetupPlace = place) => {
  const { applications, servicePrincipals, assignments, groups } = of.identity.objects;
  return [applications, servicePrincipals, assignments, groups];
};
const isUntouched = (before: readonly unknown[]): boolean =>
  registered().every((list, at) => list === before[at]);

const only = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T;
};

test("the registration has the scopes and app roles that the guards ask for, and one to be assigned by", () => {
  const values = (list: readonly { readonly value: string }[]) => list.map(({ value }) => value);
  expect(values(SCOPES).sort()).toEqual(Object.values<string>(SCOPE_NAMES).sort());
  expect(values(APP_ROLES).sort()).toEqual(["Person", ...Object.values<string>(ROLES)].sort());
});

test("the first run registers everything and prints the ids; the second changes nothing", async () => {
  const first = await place.run("api");
  expect(first).toMatchObject({ code: 0, errors: "" });
  const { objects } = place.identity;
  const api = only(objects.applications);
  expect(api).toMatchObject({
    signInAudience: "AzureADMyOrg",
    identifierUris: [`api://${api.appId}`],
    api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: SCOPES },
    appRoles: APP_ROLES,
    optionalClaims: { accessToken: ACCESS_TOKEN_CLAIMS.map((name) => ({ name })) },
  });
  const principal = objects.servicePrincipals.find(({ appId }) => appId === api.appId);
  expect(principal).toMatchObject({ appRoleAssignmentRequired: true });
  const group = only(objects.groups);
  expect(group).toMatchObject({ uniqueName: "password-writeback-agents", securityEnabled: true });
  for (const id of [api.appId, principal?.id, group.id]) expect(first.out).toContain(id);

  const before = registered();
  const second = await place.run("api");
  expect(second.code).toBe(0);
  expect(second.out).toContain(NOTHING);
  expect(isUntouched(before)).toBe(true);
});

test("what has drifted is put right, and what others have added stays", async () => {
  await place.run("api");
  const { objects } = place.identity;
  const right = only(objects.applications);
  const ofOthers = {
    id: SCOPES[0]?.id.replace(/01$/, "99") ?? "",
    value: "Other",
    isEnabled: true,
  };
  const [role, ...roles] = right.appRoles;
  objects.applications = [
    {
      ...right,
      signInAudience: "AzureADMultipleOrgs",
      identifierUris: ["api://other"],
      api: {
        requestedAccessTokenVersion: null,
        oauth2PermissionScopes: [
          ofOthers,
          ...right.api.oauth2PermissionScopes.slice(1).map((one) => ({ ...one, type: "User" })),
        ],
      },
      appRoles: [
        ...roles.map((one) => ({ ...one, allowedMemberTypes: ["User"] })),
        ...(role ? [{ ...role, id: ofOthers.id, isEnabled: false }] : []),
      ],
      optionalClaims: { accessToken: [{ name: "email" }] },
    },
  ];
  objects.servicePrincipals = objects.servicePrincipals.map((one) => ({
    ...one,
    appRoleAssignmentRequired: false,
  }));

  const drifted = registered();
  const told = await place.run("api", "--what-if");
  expect(told.code).toBe(0);
  expect(told.out.match(/^would be done: /gm)).toHaveLength(7);
  expect(isUntouched(drifted)).toBe(true);

  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  const repaired = only(objects.applications);
  const byValue = (list: readonly { value?: string | null | undefined }[]) =>
    [...list].sort((one, other) => (one.value ?? "").localeCompare(other.value ?? ""));
  expect(repaired.signInAudience).toBe("AzureADMyOrg");
  expect(repaired.identifierUris).toEqual(["api://other", `api://${right.appId}`]);
  expect(repaired.api.requestedAccessTokenVersion).toBe(2);
  expect(byValue(repaired.api.oauth2PermissionScopes)).toEqual(byValue([ofOthers, ...SCOPES]));
  expect(byValue(repaired.appRoles)).toEqual(
    byValue(
      APP_ROLES.map((one) => (one.value === role?.value ? { ...one, id: ofOthers.id } : one)),
    ),
  );
  expect(repaired.optionalClaims).toMatchObject({
    accessToken: ["email", ...ACCESS_TOKEN_CLAIMS].map((name) => ({ name })),
  });
  const principal = objects.servicePrincipals.find(({ appId }) => appId === right.appId);
  expect(principal?.appRoleAssignmentRequired).toBe(true);
  expect((await place.run("api")).out).toContain(NOTHING);
});

test("--what-if tells what it would make in an empty tenant, and makes nothing", async () => {
  const before = registered();
  const { code, out } = await place.run("api", "--what-if");
  expect(code).toBe(0);
  expect(out).toContain('would be done: registers the API, "password-writeback-api"');
  expect(out).toContain("would be done: makes the security group of the agents");
  expect(out).not.toContain("now: ");
  expect(isUntouched(before)).toBe(true);
});

test("where Graph is busy, the command waits as it is told and goes on", async () => {
  const busy = { status: 429, code: "TooManyRequests", retryAfterSeconds: 0 };
  place.identity.graph.fail({ ...busy, path: /^\/applications/ }, 2);
  place.identity.graph.fail({ ...busy, path: /^\/groups/ }, 2);
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  place.identity.graph.fail(busy, 4);
  const ended = await place.run("api");
  expect(ended.code).toBe(1);
  expect(ended.errors).toContain("(429 TooManyRequests)");
  expect(ended.errors).toContain("run the command again");
});

test("what failed half-way is gone on with by the same command", async () => {
  const { objects, graph } = place.identity;
  graph.fail({ status: 400, path: /^\/servicePrincipals$/ });
  const broken = await place.run("api");
  expect(broken.code).toBe(1);
  expect(broken.errors).toContain("run the command again");
  expect(objects.groups).toEqual([]);
  const { appId } = only(objects.applications);
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  expect(only(objects.applications).appId).toBe(appId);
  expect(objects.servicePrincipals.filter((one) => one.appId === appId)).toHaveLength(1);
  expect(objects.groups).toHaveLength(1);
});

test("what another server of Entra does not know yet is asked for again", async () => {
  const fault = { status: 400, code: "NoBackingApplicationObject", path: /^\/servicePrincipals$/ };
  place.identity.graph.fail(fault, 2);
  expect(await place.run("api")).toMatchObject({ code: 0, errors: "" });
  expect(place.waits).toEqual([5_000, 5_000]);
  place.identity.objects.servicePrincipals = [];
  place.identity.graph.fail(fault, 7);
  expect((await place.run("api")).code).toBe(1);
});

test("a registration that was made by hand is gone on with", async () => {
  await place.run("api");
  const { objects } = place.identity;
  objects.applications = objects.applications.map((one) => ({ ...one, uniqueName: null }));
  const { appId } = only(objects.applications);
  const ended = await place.run("api", "--what-if");
  expect(ended.out).toContain("registers the API");
  await place.change({ apiClientId: appId });
  expect((await place.run("api")).out).toContain(NOTHING);
});

test("a registration that is not there is not made under another id, nor waited for", async () => {
  await place.change({ apiClientId: "11111111-2222-4333-8444-555555555555" });
  const before = registered();
  for (const options of [["--what-if"], []])
    expect(await place.run("api", ...options)).toEqual({
      code: 1,
      out: "",
      errors:
        "The tenant has no registration with client id 11111111-2222-4333-8444-555555555555.\n",
    });
  expect(place.waits).toEqual([]);
  expect(isUntouched(before)).toBe(true);
});

test("an app role of ours whose value was changed is put right, and its owners are told", async () => {
  await place.run("api");
  const { objects } = place.identity;
  objects.applications = objects.applications.map((one) => ({
    ...one,
    owners: [SYNCED.id],
    appRoles: one.appRoles.map((role) =>
      role.value === "Operator" ? { ...role, value: "Boss", isEnabled: false } : role,
    ),
  }));
  objects.servicePrincipals = objects.servicePrincipals.map((one) => ({
    ...one,
    owners: [SYNCED.id],
  }));
  const done = await place.run("api");
  expect(done).toMatchObject({ code: 0, errors: "" });
  expect(done.out).toContain(
    `service principal, who may assign its app roles: ${SYNCED.userPrincipalName}`,
  );
  expect(done.out).toContain(
    `Owners of the API's registration, who change it: ${SYNCED.userPrincipalName}`,
  );
  const { appRoles } = only(objects.applications);
  expect(appRoles).toHaveLength(APP_ROLES.length);
  expect(new Set(appRoles.map(({ id }) => id)).size).toBe(APP_ROLES.length);
});
