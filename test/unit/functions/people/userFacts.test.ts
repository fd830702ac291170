import type { GraphCall } from "../../../../functions/people/graph.ts";
import { userFinder, userId } from "../../../../functions/people/userFacts.ts";

const ID = "5a3f1c00-0000-4000-8000-000000000011";
const person = {
  id: ID,
  userPrincipalName: "alex@corp.example",
  onPremisesSyncEnabled: true,
  onPremisesImmutableId: "wP/uAAAAAAAA/oD/AAAAEQ==",
  onPremisesSecurityIdentifier: "S-1-5-21-1-2-3-1100",
  onPremisesDomainName: "CORP.example",
};

/** A finder on a Graph that answers this to everything, and the paths it was asked for. */
function finder(status: number, body: unknown) {
  const paths: string[] = [];
  const graph = async (path: string) => {
    paths.push(path);
    return { status, bodyAsText: typeof body === "string" ? body : JSON.stringify(body) };
  };
  return { find: userFinder(graph as GraphCall), paths };
}

test("facts read as Graph says them", async () => {
  const { find, paths } = finder(200, person);
  expect(await find("alex@corp.example")).toEqual({
    id: ID,
    userPrincipalName: "alex@corp.example",
    synchronized: true,
    sourceAnchor: person.onPremisesImmutableId,
    sid: person.onPremisesSecurityIdentifier,
    domain: "corp.example",
    servicePlans: [],
    managementRestricted: false,
  });
  expect(paths[0]).toMatch(/^\/v1\.0\/users\/alex%40corp\.example\?\$select=id,/);
});

test("a cloud-only person has none of the on-premises facts", async () => {
  const { find } = finder(200, { id: ID, userPrincipalName: "c@x", onPremisesSyncEnabled: null });
  expect(await find(ID)).toMatchObject({
    synchronized: false,
    sourceAnchor: undefined,
    sid: undefined,
  });
});

test("of the service plans those count that work, in days of grace too", async () => {
  const plans = ["Enabled", "Warning", "Suspended", "Deleted", "LockedOut", null];
  const assignedPlans = plans.map((capabilityStatus, at) => ({
    servicePlanId: `41781FB2-bc02-4b7c-bd55-b576c07bb09${at}`,
    capabilityStatus,
    service: "AADPremiumService",
  }));
  const { find, paths } = finder(200, {
    ...person,
    assignedPlans: [...assignedPlans, { servicePlanId: null, capabilityStatus: "Enabled" }],
  });
  expect((await find(ID)).servicePlans).toEqual([
    "41781fb2-bc02-4b7c-bd55-b576c07bb090",
    "41781fb2-bc02-4b7c-bd55-b576c07bb091",
  ]);
  expect(paths[0]).toContain(",assignedPlans");
});

test("plans in no known form are no facts", async () => {
  const { find } = finder(200, { ...person, assignedPlans: "P1" });
  await expect(find(ID)).rejects.toMatchObject({ code: "userFactsUnavailable" });
});

test("who was asked for by object id must be who is told", async () => {
  const { find } = finder(200, person);
  expect((await find(ID.toUpperCase())).id).toBe(ID);
  await expect(find(ID.replace(/1$/, "2"))).rejects.toMatchObject({ code: "userFactsUnavailable" });
});

test("an anchor that is not 16 bytes is none", async () => {
  const { find } = finder(200, { ...person, onPremisesImmutableId: "c2hvcnQ=" });
  expect((await find(ID)).sourceAnchor).toBeUndefined();
});

test.each([
  "",
  "..",
  ".",
  "../groups/x",
  "me",
  "a b@c",
  "a/b@c",
  "a\\b@c",
  "a?b@c",
  `${"a".repeat(113)}@c`,
  "$count",
  "a\u0000b@c",
  "a\ud800b@c",
  "a\u202eb@c",
])("%p is nobody, and Graph is not asked", async (id) => {
  const { find, paths } = finder(200, person);
  await expect(find(id)).rejects.toMatchObject({ code: "userNotFound" });
  expect(paths).toEqual([]);
  expect(userId.safeParse(id).success).toBe(false);
});

test.each(["o'neil@corp.example", "a+b@corp.example", "guest_x#EXT#@contoso.example", ID])(
  "%s may be somebody",
  async (id) => {
    const { find, paths } = finder(200, person);
    await find(id);
    expect(paths[0]?.split("?")[0]).toBe(`/v1.0/users/${encodeURIComponent(id)}`);
  },
);

test.each<[string, number, unknown, string]>([
  ["404", 404, {}, "userNotFound"],
  ["403", 403, {}, "userFactsUnavailable"],
  ["503", 503, "", "userFactsUnavailable"],
  ["200 without JSON", 200, "<html>", "userFactsUnavailable"],
  ["200 without an id", 200, { ...person, id: undefined }, "userFactsUnavailable"],
  [
    "200 with a SID that is none",
    200,
    { ...person, onPremisesSecurityIdentifier: "x" },
    "userFactsUnavailable",
  ],
])("%s has its own code", async (_, status, body, code) => {
  await expect(finder(status, body).find(ID)).rejects.toMatchObject({ name: "ApiError", code });
});

test("a Graph that cannot be reached has its own code", async () => {
  const find = userFinder(() => Promise.reject(new Error("ECONNREFUSED")));
  await expect(find(ID)).rejects.toMatchObject({ code: "userFactsUnavailable", status: 503 });
});
