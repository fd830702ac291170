import type { GraphCall } from "../../../../functions/people/graph.ts";
import { holdsRole, Roles } from "../../../../functions/people/roles.ts";

const GRAPH_URL = "https://graph.example";
const ME = "5a3f1c00-0000-4000-8000-000000000011";
const OTHER = "5a3f1c00-0000-4000-8000-000000000012";
const GROUP = "9d000000-0000-4000-8000-000000000001";
const HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
const EXCHANGE = "29232cdf-9323-42fd-ade2-1d097af3e4de";

const ACCOUNT = `/v1.0/users/${ME}?$select=accountEnabled`;
const CALLS = {
  assignments: "/v1.0/roleManagement/directory/roleAssignments?",
  eligible: "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?",
  joined: `/v1.0/users/${ME}/transitiveMemberOf?`,
  owned: `/v1.0/users/${ME}/ownedObjects?`,
  inGroups: "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?",
} as const;
/** Asked of callers only. */
const DIRECTLY = `/v1.0/users/${ME}/memberOf?`;
type Call = keyof typeof CALLS | "direct";
const pathOf = (call: Call): string => (call === "direct" ? DIRECTLY : CALLS[call]);
const EVERY_CALL = [...(Object.keys(CALLS) as Call[]), "direct"] as const;

const assigned = (roleDefinitionId: string, directoryScopeId = "/", principalId = ME) => ({
  id: "x",
  principalId,
  roleDefinitionId,
  directoryScopeId,
});
const group = (isAssignableToRole: boolean | null, securityEnabled: boolean | null = true) => ({
  "@odata.type": "#microsoft.graph.group",
  id: GROUP,
  isAssignableToRole,
  securityEnabled,
});

const directoryRole = (roleTemplateId: string | null) => ({
  "@odata.type": "#microsoft.graph.directoryRole",
  id: OTHER,
  roleTemplateId,
});

interface Scripted {
  readonly status?: number;
  readonly body: unknown;
}

/** Roles on a Graph that answers as told, with empty lists to all else, and what it was asked. */
function rolesOn(
  answers: Partial<Record<Call, Scripted | readonly object[]>>,
  account: Scripted = { body: { accountEnabled: true } },
) {
  const asked: string[] = [];
  const graph = async (path: string) => {
    asked.push(decodeURIComponent(path));
    if (path === ACCOUNT)
      return { status: account.status ?? 200, bodyAsText: JSON.stringify(account.body) };
    const name = EVERY_CALL.find((call) => path.startsWith(pathOf(call)));
    const told = (name && answers[name]) ?? [];
    const { status = 200, body } = "body" in told ? told : { body: { value: told } };
    return { status, bodyAsText: typeof body === "string" ? body : JSON.stringify(body) };
  };
  return { roles: new Roles(graph as GraphCall, GRAPH_URL), asked };
}

const refused = (code: string, status = 400): Scripted => ({ status, body: { error: { code } } });

describe("what gives a caller rights", () => {
  test("is what was assigned for the whole tenant, and to nobody else", async () => {
    const { roles, asked } = rolesOn({
      assignments: [
        assigned(HELPDESK.toUpperCase()),
        assigned(EXCHANGE, "/administrativeUnits/9d000000-0000-4000-8000-000000000009"),
        assigned("e8611ab8-c189-46e8-94e1-60213ab1f814", "/", OTHER),
      ],
    });
    expect([...(await roles.rightsOf(ME))]).toEqual([HELPDESK]);
    expect(asked).toContain(`${CALLS.assignments}$filter=principalId eq '${ME}'`);
  });

  test("is also what role-assignable groups hold that one is a member of", async () => {
    const { roles, asked } = rolesOn({
      direct: [group(true)],
      assignments: [assigned(EXCHANGE, "/", GROUP), assigned(HELPDESK, "/x", GROUP)],
    });
    expect([...(await roles.rightsOf(ME))]).toEqual([EXCHANGE]);
    expect(asked).toContain(`${CALLS.assignments}$filter=principalId eq '${GROUP}'`);
  });

  test("is nothing that could be activated, and nothing of other groups", async () => {
    const { roles, asked } = rolesOn({
      eligible: [assigned(HELPDESK)],
      direct: [group(null), directoryRole(HELPDESK)],
    });
    expect((await roles.rightsOf(ME)).size).toBe(0);
    expect(asked).toHaveLength(3);
  });

  test("is nothing of a group that one is in through another", async () => {
    const { roles } = rolesOn({
      joined: [group(true)],
      assignments: [assigned(HELPDESK, "/", GROUP)],
    });
    expect((await roles.rightsOf(ME)).size).toBe(0);
  });

  test("is nothing where the account is disabled", async () => {
    const answers = { assignments: [assigned(HELPDESK)] };
    const { roles } = rolesOn(answers, { body: { accountEnabled: false } });
    expect((await roles.rightsOf(ME)).size).toBe(0);
  });

  test.each<[string, Scripted]>([
    ["403", { status: 403, body: {} }],
    ["404", { status: 404, body: {} }],
    ["null", { body: { accountEnabled: null } }],
  ])("is not known where Graph says %s of the account", async (_, account) => {
    const { roles } = rolesOn({ assignments: [assigned(HELPDESK)] }, account);
    await expect(roles.rightsOf(ME)).rejects.toMatchObject({ code: "userFactsUnavailable" });
  });

  test("is not read for somebody in more than 20 such groups", async () => {
    const many = Array.from({ length: 21 }, () => group(true));
    await expect(rolesOn({ direct: many }).roles.rightsOf(ME)).rejects.toMatchObject({
      code: "userFactsUnavailable",
    });
  });
});

describe("what somebody holds", () => {
  test("is nothing where Graph says so five times", async () => {
    const { roles, asked } = rolesOn({});
    const held = await roles.heldBy(ME);
    expect(holdsRole(held)).toBe(false);
    expect(asked.map((path) => path.slice(0, path.indexOf("?") + 1)).sort()).toEqual(
      Object.values(CALLS).sort(),
    );
  });

  test.each<[string, Parameters<typeof rolesOn>[0], string[], string[]]>([
    ["a role", { assignments: [assigned(EXCHANGE)] }, [EXCHANGE], []],
    ["a role over a unit", { assignments: [assigned(EXCHANGE, "/u")] }, [EXCHANGE], ["scopedRole"]],
    ["an eligible role", { eligible: [assigned(HELPDESK)] }, [HELPDESK], []],
    [
      "a role that is eligible over a unit",
      { eligible: [assigned(HELPDESK, "/u")] },
      [HELPDESK],
      ["scopedRole"],
    ],
    ["a group that can hold roles", { joined: [group(true)] }, [], ["roleAssignableGroup"]],
    ["one that is owned", { owned: [group(true)] }, [], ["roleAssignableGroup"]],
    ["one that may be joined", { inGroups: [{ group: group(true) }] }, [], ["roleAssignableGroup"]],
    [
      "one that may be joined and is not told",
      { inGroups: [{ group: group(null, null) }] },
      [],
      ["roleAssignableGroup"],
    ],
    [
      "one that may be joined and is left out",
      { inGroups: [{ groupId: GROUP }] },
      [],
      ["roleAssignableGroup"],
    ],
    ["a role of a group that is not told", { joined: [directoryRole(HELPDESK)] }, [HELPDESK], []],
    ["a role that is not told", { joined: [directoryRole(null)] }, ["untold"], []],
    ["an ordinary group", { joined: [group(null)], owned: [group(false)] }, [], []],
    ["an ordinary group that may be joined", { inGroups: [{ group: group(null) }] }, [], []],
    [
      "something else that is owned",
      { owned: [{ "@odata.type": "#microsoft.graph.application", id: GROUP }] },
      [],
      [],
    ],
  ])("%s", async (_, answers, roles, marks) => {
    const held = await rolesOn(answers).roles.heldBy(ME);
    expect([[...held.roles], [...held.marks]]).toEqual([roles, marks]);
    expect(holdsRole(held)).toBe(roles.length + marks.length > 0);
  });

  test("without a licence for Privileged Identity Management nobody is eligible", async () => {
    const { roles } = rolesOn({
      eligible: refused("AadPremiumLicenseRequired"),
      inGroups: refused("AadPremiumLicenseRequired"),
      assignments: [assigned(HELPDESK)],
    });
    expect([...(await roles.heldBy(ME)).roles]).toEqual([HELPDESK]);
  });
});

describe("what cannot be read refuses", () => {
  test.each<[string, Scripted]>([
    ["403", refused("Authorization_RequestDenied", 403)],
    ["404", refused("Request_ResourceNotFound", 404)],
    ["500", refused("InternalServerError", 500)],
    ["another 400", refused("BadRequest")],
    ["a missing licence with another status", refused("AadPremiumLicenseRequired", 403)],
    ["no JSON", { body: "<html>" }],
    ["no list", { body: { value: {} } }],
    ["a list of numbers", { body: { value: [1] } }],
  ])("%s, at each of the calls", async (_, answer) => {
    for (const call of Object.keys(CALLS) as Call[])
      await expect(rolesOn({ [call]: answer }).roles.heldBy(ME)).rejects.toMatchObject({
        code: "userFactsUnavailable",
      });
    for (const call of ["assignments", "direct"])
      await expect(rolesOn({ [call]: answer }).roles.rightsOf(ME)).rejects.toMatchObject({
        code: "userFactsUnavailable",
      });
  });

  test("a licence that is missing is no excuse where none is needed", async () => {
    for (const call of ["assignments", "joined", "owned"])
      await expect(
        rolesOn({ [call]: refused("AadPremiumLicenseRequired") }).roles.heldBy(ME),
      ).rejects.toMatchObject({ code: "userFactsUnavailable" });
  });

  test.each(["joined", "owned"] as const)(
    "a group of which Graph may tell only the id, among what is %s",
    async (call) => {
      await expect(rolesOn({ [call]: [group(null, null)] }).roles.heldBy(ME)).rejects.toMatchObject(
        { code: "userFactsUnavailable" },
      );
    },
  );

  test("an id that is none, without asking", async () => {
    const { roles, asked } = rolesOn({});
    for (const id of ["", "x' or principalId ne '", "me"]) {
      await expect(roles.rightsOf(id)).rejects.toMatchObject({ code: "userFactsUnavailable" });
      await expect(roles.heldBy(id)).rejects.toMatchObject({ code: "userFactsUnavailable" });
    }
    expect(asked).toEqual([]);
  });
});
