import { z } from "zod";
import type { Desk } from "./desk.ts";
import { tellOwners } from "./owners.ts";
import { plainName } from "./plainName.ts";
import type { SecurityGroup } from "./securityGroup.ts";

const MOST_TOLD = 20;

const holder = z.object({
  appRoleId: z.guid().toLowerCase(),
  principalId: z.guid().toLowerCase(),
  principalDisplayName: z.string().nullish(),
});
/** A person, a group or a program that has an app role; ids in small letters. */
export type Holder = z.infer<typeof holder>;

/** Who holds app roles of a resource. @param id its service principal @throws CommandError */
export const holdersOf = ({ graph }: Desk, id: string): Promise<Holder[]> =>
  graph.list(`/servicePrincipals/${id}/appRoleAssignedTo?$top=999`, holder);

/** How a group is called on a terminal. */
export const nameOf = ({ displayName, id }: SecurityGroup): string => plainName(displayName ?? id);

/** Tells who holds an app role besides the group that is meant to. */
export function tellOthers(
  { print }: Desk,
  role: string,
  holders: readonly Holder[],
  group: SecurityGroup,
): void {
  const others = holders.filter(({ principalId }) => principalId !== group.id.toLowerCase());
  if (others.length === 0) return;
  const names = others
    .slice(0, MOST_TOLD)
    .map((one) => plainName(one.principalDisplayName ?? one.principalId));
  const more = others.length > MOST_TOLD ? ` and ${others.length - MOST_TOLD} more` : "";
  print(`Others hold the app role "${role}" as well, and keep it: ${names.join(", ")}${more}`);
}

/** Tells who could add themselves to the operators. @throws CommandError */
export async function tellWhoMayJoin(desk: Desk, group: SecurityGroup): Promise<void> {
  if (group.isAssignableToRole !== true)
    desk.print(
      `The group "${nameOf(group)}" cannot hold Entra roles: ` +
        "whoever manages groups can become an operator.",
    );
  await tellOwners(desk, `/groups/${group.id}`, "the operators' group, who may add themselves");
}
