import { z } from "zod";
import type { Desk } from "./desk.ts";
import { ensureSecurityGroup } from "./securityGroup.ts";

/**
 * The security group of all agents, which has the rights on the bus: one more agent needs no new
 * assignment there.
 * @returns its object id; `undefined` where there is none and none was to be made
 * @throws CommandError
 */
export async function ensureAgentsGroup(desk: Desk): Promise<string | undefined> {
  const found = await ensureSecurityGroup(desk, {
    suffix: "agents",
    what: "the security group of the agents",
    displayName: "Password Writeback agents",
    description: `Agents of ${desk.profile.name}: may receive requests and send replies.`,
  });
  return found?.id;
}

const memberships = z.object({ value: z.array(z.guid().toLowerCase()) });

/**
 * Asked of the member: lists of a group's members leave service principals out.
 * @throws CommandError
 */
export async function ensureMember(
  { graph, make }: Desk,
  groupId: string,
  servicePrincipalId: string,
): Promise<void> {
  const { value } = await graph.ask(
    `/servicePrincipals/${servicePrincipalId}/checkMemberGroups`,
    { groupIds: [groupId] },
    memberships,
  );
  if (value.includes(groupId.toLowerCase())) return;
  await make("puts it into the agents' group", () =>
    graph.write("POST", `/groups/${groupId}/members/$ref`, {
      "@odata.id": graph.reference(servicePrincipalId),
    }),
  );
}
