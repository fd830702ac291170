import { ENTRA_ROLES } from "../../../functions/access/entraRoles.ts";
import { CONNECTOR, type SampleUser } from "../../../local/samples.ts";
import { ROLES_HELD } from "../../../local/stack/rolesHeld.ts";
import { requestsQueueName } from "../../../protocol/queues.ts";
import type { Answer, TestCloud } from "./testCloud.ts";

type Act = (cloud: TestCloud, person: SampleUser) => Promise<Answer>;

const portal =
  (path: string, members: object = {}): Act =>
  async (cloud, { id }) =>
    cloud.send(`/v1.0/selfService/${path}`, {
      token: await cloud.half.tokens.portal(),
      body: { user: id, ...members },
    });
const proof = { methods: ["mobilePhone"], time: new Date().toISOString() };
const own =
  (path: string, body?: object): Act =>
  async (cloud, person) =>
    cloud.send(`/v1.0/me/${path}`, { token: await cloud.half.tokens.userSteppedUp(person), body });

/** What is closed to holders of Entra roles. */
export const CLOSED: Readonly<Record<string, Act>> = {
  "a portal's reset": portal("resetPassword", { newPassword: "N3w-Pass-1", proof }),
  "a portal's change": portal("changePassword", {
    ...{ currentPassword: "Old-Pass-1", newPassword: "N3w-Pass-1" },
    proof,
  }),
  "a portal's unlock": portal("unlockAccount", { proof }),
  "a portal's question for the rules": portal("passwordRules"),
  "their own reset": own("resetPassword", { newPassword: "N3w-Pass-1" }),
  "their own unlock": own("unlockAccount"),
};
/** What is not: the person knows the current password, or only asks. */
export const OPEN: Readonly<Record<string, Act>> = {
  "their own change": (cloud, person) => cloud.change(person),
  "their own question for the rules": async (cloud, person) =>
    cloud.get("/v1.0/me/passwordRules", await cloud.half.tokens.user(person)),
};

export const sent = (cloud: TestCloud) =>
  cloud.half.broker.queue(requestsQueueName(CONNECTOR)).stats.enqueued;

/** Somebody who may make themselves a reader of the directory: the least that anybody can hold. */
export function roleHolder(cloud: TestCloud): SampleUser {
  const person = cloud.person();
  const { id: principalId } = person;
  cloud.half.identity.roles.set({
    ...ROLES_HELD,
    eligible: [{ principalId, roleDefinitionId: ENTRA_ROLES.directoryReaders }],
  });
  cloud.answers(person, ({ operation }) =>
    operation === "passwordRules"
      ? { status: "succeeded", detail: { rules: {} } }
      : { status: "succeeded" },
  );
  return person;
}
