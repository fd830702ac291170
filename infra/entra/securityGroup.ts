import { z } from "zod";
import { CommandError } from "../../workstation/commandError.ts";
import type { Desk } from "./desk.ts";

const group = z.object({
  id: z.guid(),
  displayName: z.string().nullish(),
  securityEnabled: z.boolean().nullish(),
  isAssignableToRole: z.boolean().nullish(),
});
export type SecurityGroup = z.infer<typeof group>;

const SELECT = "$select=id,displayName,securityEnabled,isAssignableToRole";

/** A group that is made where it is missing. */
export interface NewGroup {
  /** What follows the installation's name in its `uniqueName`. */
  readonly suffix: string;
  /** Behind "makes". */
  readonly what: string;
  readonly displayName: string;
  readonly description: string;
  /** Cannot be changed afterwards. */
  readonly isAssignableToRole?: true;
}

/**
 * Finds a security group by its unique name, or makes it, without members or owners. Where one is
 * wanted that can hold Entra roles, a plain one was made by somebody else, for themselves perhaps.
 * @returns `undefined` where there is none and none was to be made
 * @throws CommandError
 */
export async function ensureSecurityGroup(
  { graph, profile, make }: Desk,
  { suffix, what, ...wanted }: NewGroup,
): Promise<SecurityGroup | undefined> {
  const name = `${profile.name}-${suffix}`;
  const path = `/groups(uniqueName='${name}')`;
  const found =
    (await graph.read(`${path}?${SELECT}`, group)) ??
    (await make(`makes ${what}, "${name}"`, () =>
      graph.create(
        "PATCH",
        path,
        { ...wanted, mailEnabled: false, mailNickname: name, securityEnabled: true },
        group,
      ),
    ));
  if (found && wanted.isAssignableToRole && found.isAssignableToRole !== true)
    throw new CommandError(
      `There is a group "${name}" already, which this command has not made: it cannot hold Entra ` +
        `roles. Look who is in it; to take it all the same, give its object id (${found.id}).`,
    );
  return found && assertSecurity(found, name);
}

/** A security group that is there. @param id object id @throws CommandError */
export async function findSecurityGroup({ graph }: Desk, id: string): Promise<SecurityGroup> {
  const found = await graph.read(`/groups/${id}?${SELECT}`, group);
  if (!found) throw new CommandError(`The tenant has no group ${id}.`);
  return assertSecurity(found, id);
}

function assertSecurity(found: SecurityGroup, name: string): SecurityGroup {
  if (found.securityEnabled === true) return found;
  throw new CommandError(`The group "${name}" is no security group: it cannot be given rights.`);
}
