import { randomUUID } from "node:crypto";
import { ENTRA_ROLES } from "../../../functions/access/entraRoles.ts";
import { CONNECTOR, type SampleUser } from "../../../local/samples.ts";
import { ROLES_HELD } from "../../../local/stack/rolesHeld.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import { type Answer, PASSWORD_METHOD, pathOf, TestCloud } from "./testCloud.ts";

const GROUP = randomUUID();
const NESTED = randomUUID();

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start({
    AUTOMATION_GROUP_ID: GROUP.toUpperCase(),
    // For people and portals only: automation is not meant.
    SELF_SERVICE_FOR_ROLE_HOLDERS: "true",
  });
});
afterAll(() => cloud.half.stop());
afterEach(() => {
  cloud.half.identity.graph.recover();
  cloud.half.identity.roles.set(ROLES_HELD);
});

type Act = (person: SampleUser, token: string) => Promise<Answer>;
/** What automation may do, and what the agent is told to do. */
const ACTS: Readonly<Record<string, readonly [Act, string]>> = {
  "a reset": [
    ({ id }, token) =>
      cloud.send(`/v1.0/users/${id}/authentication/methods/${PASSWORD_METHOD}/resetPassword`, {
        token,
        body: { newPassword: "N3w-Pass-1" },
      }),
    "reset",
  ],
  "an unlock": [
    ({ id }, token) => cloud.send(`/v1.0/users/${id}/unlockAccount`, { token }),
    "unlock",
  ],
  "must change": [
    ({ id }, token) => cloud.send(`/v1.0/users/${id}/requirePasswordChange`, { token }),
    "requireChange",
  ],
};
const acts = Object.entries(ACTS).map(
  ([name, [act, operation]]) => [name, act, operation] as const,
);
const reset: Act = (person, token) => ACTS["a reset"]?.[0](person, token) as Promise<Answer>;

const sent = () => cloud.half.broker.queue(requestsQueueName(CONNECTOR)).stats.enqueued;

/** Somebody in the group, through another one. */
function member(): SampleUser {
  const person = cloud.person();
  cloud.half.identity.groups.set([
    { id: GROUP, members: [NESTED] },
    { id: NESTED, members: [person.id] },
  ]);
  return person;
}

describe.each(acts)("%s by automation", (_, act, operation) => {
  test("is carried out for a member of the group, as automation's", async () => {
    const person = member();
    const token = await cloud.half.tokens.automation();
    expect((await act(person, token)).status).toBeLessThan(300);
    const request = cloud.half.agent.requests.at(-1);
    const { objectId, clientId } = cloud.half.apps.automation;
    expect(request).toMatchObject({
      operation,
      origin: "automation",
      requester: { id: objectId, application: clientId },
      target: { id: person.id },
    });
  });

  test.each<[string, (person: SampleUser) => void, number, string]>([
    [
      "somebody outside the group",
      () => cloud.half.identity.groups.set([{ id: GROUP, members: [] }]),
      403,
      "automationOutOfGroup",
    ],
    [
      "a member who holds a role, even to be activated",
      ({ id: principalId }) =>
        cloud.half.identity.roles.set({
          eligible: [{ principalId, roleDefinitionId: ENTRA_ROLES.guestInviter }],
        }),
      403,
      "targetHoldsRole",
    ],
    [
      "a member whose group cannot be read",
      () => cloud.half.identity.graph.fail({ path: /checkMemberGroups$/, status: 403 }),
      503,
      "userFactsUnavailable",
    ],
    [
      "a member whose roles cannot be read",
      () => cloud.half.identity.graph.fail({ path: /roleAssignments$/, status: 403 }),
      503,
      "userFactsUnavailable",
    ],
  ])("is refused for %s", async (_name, prepare, status, code) => {
    const person = member();
    prepare(person);
    const before = sent();
    const answer = await act(person, await cloud.half.tokens.automation());
    expect(answer).toMatchObject({ status, code });
    expect(sent()).toBe(before);
  });

  test("is refused for a member of a unit with restricted management", async () => {
    const person = cloud.person({ isManagementRestricted: true });
    cloud.half.identity.groups.set([{ id: GROUP, members: [person.id] }]);
    const answer = await act(person, await cloud.half.tokens.automation());
    expect(answer).toMatchObject({ status: 403, code: "managementRestricted" });
  });
});

test("automation follows its own operations alone; administrators see them too", async () => {
  const person = member();
  const automation = await cloud.half.tokens.automation();
  const helpdesk = await cloud.half.tokens.helpdesk();
  const its = pathOf((await reset(person, automation)).headers.get("location"));
  const theirs = pathOf((await cloud.adminReset(person)).headers.get("location"));
  expect((await cloud.get(its, automation)).body.status).toBe("succeeded");
  expect((await cloud.get(its, helpdesk)).body.status).toBe("succeeded");
  expect((await cloud.get(theirs, helpdesk)).body.status).toBe("succeeded");
  expect((await cloud.get(theirs, automation)).code).toBe("operationNotFound");
  const another = await cloud.half.tokens.automation({ oid: randomUUID() });
  expect((await cloud.get(its, another)).code).toBe("operationNotFound");
});

test("automation asks for nobody's rules, and has no account of its own", async () => {
  const token = await cloud.half.tokens.automation();
  const paths = [`/v1.0/users/${member().id}/passwordRules`, "/v1.0/me/passwordRules"];
  for (const path of paths) expect((await cloud.get(path, token)).code).toBe("accessDenied");
});
