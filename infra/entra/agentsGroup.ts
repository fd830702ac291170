import { z } from "zod";
import { CommandError } from "../../workstation/commandError.ts";
import type { Desk } from "./desk.ts";

const group = z.object({ id: z.guid(), securityEnabled: z.boolean().nullish() });

/**
 * The security group of all agents, which has the rights on the bus: one more agent needs no new
 * assignment there.
 * @returns its object id; `undefined` where there is none and none was to be made
 * @throws CommandError
 */
export async function ensureAgentsGroup({
  graph,
  profile,
  make,
}: Desk): Promise<string | undefined> {
  const name = `${profile.name}-agents`;
  const path = `/groups(uniqueName='${name}')`;
  const found =
    (await graph.read(`${path}?$select=id,securityEnabled`, group)) ??
    (await make(`makes the security group of the agents, "${name}"`, () =>
      graph.create(
        "PATCH",
        path,
        {
          displayName: "Password Writeback agents",
          description: `Agents of ${profile.name}: may receive requests and send replies.`,
          mailEnabled: false,
          mailNickname: name,
          securityEnabled: true,
        },
        group,
      ),
    ));
  if (found && found.securityEnabled !== true)
    throw new CommandError(`The group "${name}" is no security group: it cannot be given rights.`);
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
