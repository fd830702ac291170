import { randomUUID } from "node:crypto";
import { ENTRA_ROLES } from "../../../functions/access/entraRoles.ts";
import type { Group } from "../../../local/identity/graph/groups.ts";
import type { RoleAssignment, RoleFacts } from "../../../local/identity/graph/roles.ts";
import { CONNECTOR, type SampleUser } from "../../../local/samples.ts";
import { ROLES_HELD } from "../../../local/stack/rolesHeld.ts";
import { ADMINISTRATORS } from "../../../local/stack/tenant.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { type Answer, PASSWORD_METHOD, TestCloud } from "./testCloud.ts";

const ROLE_GROUP = randomUUID();
const ORDINARY_GROUP = randomUUID();
const UNIT = `/administrativeUnits/${randomUUID()}`;
const CUSTOM_ROLE = randomUUID();
const HELPDESK = ADMINISTRATORS.helpdesk.objectId;
const { helpdeskAdministrator, globalAdministrator, directoryReaders } = ENTRA_ROLES;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());

const sent = () => cloud.half.broker.queue(requestsQueueName(CONNECTOR)).stats.enqueued;
/** The tenant as it usually is, and what one test adds to it. */
function tenant(roles: RoleFacts = {}, ...groups: Group[]): void {
  const assigned = [...(ROLES_HELD.assigned ?? []), ...(roles.assigned ?? [])];
  cloud.half.identity.roles.set({ ...roles, assigned });
  cloud.half.identity.groups.set(groups);
}
beforeEach(() => {
  tenant();
  return cloud.half.heartbeat();
});
afterEach(() => {
  cloud.half.identity.graph.recover();
  cloud.half.identity.paging.largest = 999;
});

const roleGroup = (more: Partial<Group>): Group => ({
  id: ROLE_GROUP,
  members: [],
  isAssignableToRole: true,
  ...more,
});
const holds = (
  { id }: Pick<SampleUser, "id">,
  roleDefinitionId: string,
  directoryScopeId?: string,
): RoleAssignment => ({
  principalId: id,
  roleDefinitionId,
  ...(directoryScopeId !== undefined && { directoryScopeId }),
});

type Call = (person: Pick<SampleUser, "id">, token: string) => Promise<Answer>;
const resetPath = (id: string) =>
  `/v1.0/users/${id}/authentication/methods/${PASSWORD_METHOD}/resetPassword`;
/** Everything that an administrator can do to somebody, and the answer when it is done. */
const HELP: Readonly<Record<string, readonly [Call, number]>> = {
  "a reset": [
    ({ id }, token) => cloud.send(resetPath(id), { token, body: { newPassword: "N3w-Pass-1" } }),
    202,
  ],
  "an unlock": [({ id }, token) => cloud.send(`/v1.0/users/${id}/unlockAccount`, { token }), 200],
  "must change": [
    ({ id }, token) => cloud.send(`/v1.0/users/${id}/requirePasswordChange`, { token }),
    200,
  ],
  "a question for the rules": [
    ({ id }, token) => cloud.get(`/v1.0/users/${id}/passwordRules`, token),
    200,
  ],
};
const unlock: Call = (person, token) => HELP["an unlock"]?.[0](person, token) as Promise<Answer>;
const byHelpdesk = async (person: Pick<SampleUser, "id">) =>
  unlock(person, await cloud.half.tokens.helpdesk());
const byGlobalAdministrator = async (person: Pick<SampleUser, "id">) =>
  unlock(person, await cloud.half.tokens.globalAdministrator());

/** Somebody whose rules the agent can tell. */
function somebody(): SampleUser {
  const person = cloud.person();
  cloud.answers(person, ({ operation }) =>
    operation === "passwordRules"
      ? { status: "succeeded", detail: { rules: {} } }
      : { status: "succeeded" },
  );
  return person;
}

describe.each(Object.entries(HELP))("%s", (_, [help, status]) => {
  test("by the helpdesk for somebody without a role", async () => {
    expect((await help(somebody(), await cloud.half.tokens.helpdesk())).status).toBe(status);
  });

  test("by the helpdesk for a Global Administrator is refused", async () => {
    const person = cloud.person();
    tenant({ assigned: [holds(person, globalAdministrator)] });
    const before = sent();
    const answer = await help(person, await cloud.half.tokens.helpdesk());
    expect(answer).toMatchObject({ status: 403, code: "insufficientRole" });
    expect(sent()).toBe(before);
  });

  test("for oneself is refused, whoever one is", async () => {
    const before = sent();
    for (const name of ["helpdesk", "globalAdministrator"] as const) {
      const oneself = { id: ADMINISTRATORS[name].objectId };
      const answer = await help(oneself, await cloud.half.tokens[name]());
      expect(answer).toMatchObject({ status: 403, code: "ownAccount" });
    }
    expect(sent()).toBe(before);
  });

  test("for a member of a unit with restricted management is refused, whoever asks", async () => {
    const person = cloud.person({ isManagementRestricted: true });
    const before = sent();
    for (const name of ["helpdesk", "globalAdministrator"] as const) {
      const answer = await help(person, await cloud.half.tokens[name]());
      expect(answer).toMatchObject({ status: 403, code: "managementRestricted" });
    }
    expect(sent()).toBe(before);
  });
});

describe("what the helpdesk may not pass and a Global Administrator may", () => {
  const GIVEN: Readonly<Record<string, (person: SampleUser) => void>> = {
    "Global Administrator": (person) => tenant({ assigned: [holds(person, globalAdministrator)] }),
    "a custom role": (person) => tenant({ assigned: [holds(person, CUSTOM_ROLE)] }),
    "a role over a unit": (person) =>
      tenant({ assigned: [holds(person, helpdeskAdministrator, UNIT)] }),
    "an eligible role": (person) => tenant({ eligible: [holds(person, globalAdministrator)] }),
    "a second role beside a harmless one": (person) =>
      tenant({ assigned: [holds(person, directoryReaders), holds(person, CUSTOM_ROLE)] }),
    "a group that can hold roles": ({ id }) => tenant({}, roleGroup({ members: [id] })),
    "a group within a group that can hold roles": ({ id }) =>
      tenant({}, roleGroup({ members: [ORDINARY_GROUP] }), { id: ORDINARY_GROUP, members: [id] }),
    "the ownership of a group that can hold roles": ({ id }) =>
      tenant({}, roleGroup({ owners: [id] })),
    "a group that can hold roles, to be joined for a time": ({ id }) =>
      tenant(
        { eligibleInGroups: [{ principalId: id, groupId: ROLE_GROUP, accessId: "member" }] },
        roleGroup({}),
      ),
    "the ownership of one, for a time": ({ id }) =>
      tenant(
        { eligibleInGroups: [{ principalId: id, groupId: ROLE_GROUP, accessId: "owner" }] },
        roleGroup({}),
      ),
  };
  test.each(Object.entries(GIVEN))("%s", async (_, give) => {
    const person = cloud.person();
    give(person);
    const before = sent();
    expect(await byHelpdesk(person)).toMatchObject({ status: 403, code: "insufficientRole" });
    expect(sent()).toBe(before);
    expect((await byGlobalAdministrator(person)).status).toBe(200);
  });

  test("a role that was given a moment ago counts, one that was taken does not", async () => {
    const person = cloud.person();
    expect((await byHelpdesk(person)).status).toBe(200);
    tenant({ assigned: [holds(person, CUSTOM_ROLE)] });
    expect((await byHelpdesk(person)).code).toBe("insufficientRole");
    tenant();
    expect((await byHelpdesk(person)).status).toBe(200);
  });

  test("by user principal name it is the same", async () => {
    const person = cloud.person({ userPrincipalName: "by.name@corp.example" });
    const byName = { id: "By.Name@corp.example" };
    expect((await byHelpdesk(byName)).status).toBe(200);
    tenant({ assigned: [holds(person, CUSTOM_ROLE)] });
    expect((await byHelpdesk(byName)).code).toBe("insufficientRole");
    tenant({}, roleGroup({ owners: [person.id] }));
    expect((await byHelpdesk(byName)).code).toBe("insufficientRole");
  });

  test("by an object id in capital letters it is the same", async () => {
    const person = cloud.person();
    const loud = { id: person.id.toUpperCase() };
    expect((await byHelpdesk(loud)).status).toBe(200);
    for (const roles of [
      { assigned: [holds(person, CUSTOM_ROLE)] },
      { eligible: [holds(person, globalAdministrator)] },
      { eligibleInGroups: [{ principalId: person.id, groupId: ROLE_GROUP, accessId: "member" }] },
    ] satisfies RoleFacts[]) {
      tenant(roles, roleGroup({}));
      expect((await byHelpdesk(loud)).code).toBe("insufficientRole");
    }
  });

  test("what lies on a further page counts", async () => {
    const person = cloud.person();
    cloud.half.identity.paging.largest = 1;
    const readers = holds(person, directoryReaders);
    const ordinary: Group = { id: ORDINARY_GROUP, members: [person.id], owners: [person.id] };
    tenant({ assigned: [readers, readers] }, ordinary);
    expect((await byHelpdesk(person)).status).toBe(200);
    tenant({ assigned: [readers, readers, holds(person, CUSTOM_ROLE)] }, ordinary);
    expect((await byHelpdesk(person)).code).toBe("insufficientRole");
    tenant({}, ordinary, roleGroup({ members: [person.id] }));
    expect((await byHelpdesk(person)).code).toBe("insufficientRole");
    tenant({}, ordinary, roleGroup({ owners: [person.id] }));
    expect((await byHelpdesk(person)).code).toBe("insufficientRole");
    tenant({ eligible: [readers, readers, holds(person, CUSTOM_ROLE)] });
    expect((await byHelpdesk(person)).code).toBe("insufficientRole");
  });

  test("without a licence for Privileged Identity Management nobody is eligible", async () => {
    tenant({ isLicensed: false });
    expect((await byHelpdesk(cloud.person())).status).toBe(200);
  });
});

describe("what gives an administrator no right", () => {
  const asHelpdesk = { id: HELPDESK };
  /** The tenant with these roles, in place of those that the helpdesk usually holds. */
  const only = (roles: RoleFacts, ...groups: Group[]) => {
    cloud.half.identity.roles.set(roles);
    cloud.half.identity.groups.set(groups);
  };
  test.each<[string, () => void]>([
    ["no Entra role, though the API's own", () => only({})],
    [
      "a role over a unit",
      () => only({ assigned: [holds(asHelpdesk, helpdeskAdministrator, UNIT)] }),
    ],
    ["a role to be activated", () => only({ eligible: [holds(asHelpdesk, globalAdministrator)] })],
    ["a custom role", () => only({ assigned: [holds(asHelpdesk, CUSTOM_ROLE)] })],
    [
      "a role of an ordinary group",
      () =>
        only(
          { assigned: [holds({ id: ORDINARY_GROUP }, globalAdministrator)] },
          { id: ORDINARY_GROUP, members: [HELPDESK] },
        ),
    ],
    [
      "a group with the role that one is in through another group",
      () =>
        only(
          { assigned: [holds({ id: ROLE_GROUP }, globalAdministrator)] },
          roleGroup({ members: [ORDINARY_GROUP] }),
          { id: ORDINARY_GROUP, members: [HELPDESK] },
        ),
    ],
    [
      "a group with the role that one only owns",
      () =>
        only(
          { assigned: [holds({ id: ROLE_GROUP }, globalAdministrator)] },
          roleGroup({ owners: [HELPDESK] }),
        ),
    ],
  ])("%s", async (_, give) => {
    give();
    const before = sent();
    expect(await byHelpdesk(cloud.person())).toMatchObject({
      status: 403,
      code: "insufficientRole",
    });
    expect(sent()).toBe(before);
  });

  test("a role of somebody whose account is disabled", async () => {
    const person = cloud.person();
    const admin = cloud.person({ accountEnabled: false });
    tenant({ assigned: [holds(admin, globalAdministrator)] });
    const before = sent();
    const answer = await unlock(person, await cloud.half.tokens.helpdesk({ oid: admin.id }));
    expect(answer).toMatchObject({ status: 403, code: "insufficientRole" });
    expect(sent()).toBe(before);
  });

  test("the role of a role-assignable group that one is in does", async () => {
    only(
      { assigned: [holds({ id: ROLE_GROUP }, helpdeskAdministrator)] },
      roleGroup({ members: [HELPDESK] }),
    );
    expect((await byHelpdesk(cloud.person())).status).toBe(200);
  });
});

describe("what cannot be read refuses, and nothing is sent", () => {
  const CALLS: Readonly<Record<string, (person: SampleUser) => RegExp>> = {
    "the caller's account": () => new RegExp(`^/users/${HELPDESK}$`),
    "groups of the caller": () => new RegExp(`^/users/${HELPDESK}/memberOf$`),
    "groups of the person": ({ id }) => new RegExp(`^/users/${id}/transitiveMemberOf$`),
    "assigned roles": () => /^\/roleManagement\/directory\/roleAssignments$/,
    "eligible roles": () => /^\/roleManagement\/directory\/roleEligibilityScheduleInstances$/,
    "groups that the person owns": ({ id }) => new RegExp(`^/users/${id}/ownedObjects$`),
    "groups that the person may join": () =>
      /^\/identityGovernance\/privilegedAccess\/group\/eligibilityScheduleInstances$/,
  };

  test.each(Object.entries(CALLS))("%s", async (_, path) => {
    const before = sent();
    const person = cloud.person();
    cloud.half.identity.graph.fail({ path: path(person), status: 403 });
    const answer = await byHelpdesk(person);
    expect(answer).toMatchObject({ status: 503, code: "userFactsUnavailable" });
    expect(answer.headers.get("retry-after")).toBe("30");
    expect(sent()).toBe(before);
    expect((await byHelpdesk(person)).status).toBe(200);
  });
});

describe("automation, where no group is named for it", () => {
  const { "a question for the rules": _, ...acts } = HELP;

  test.each(Object.entries(acts))("%s is refused for everybody", async (_name, [help]) => {
    const person = cloud.person();
    tenant({}, { id: ORDINARY_GROUP, members: [person.id] });
    const before = sent();
    const answer = await help(person, await cloud.half.tokens.automation());
    expect(answer).toMatchObject({ status: 403, code: "automationOff" });
    expect(sent()).toBe(before);
  });
});
