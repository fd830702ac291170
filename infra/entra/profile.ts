import { z } from "zod";
import { ACCOUNT_MEMBERS, httpsUrl, readProfileAs } from "../../workstation/profile.ts";
import { signsInAtMicrosoft } from "../../workstation/signIn.ts";
import { isGraph } from "./graphClouds.ts";

/** Of a group that is to be made. */
export const MAKE = "make";
const group = z.union([z.guid().toLowerCase(), z.literal(MAKE)]);

const members = z.strictObject({
  ...ACCOUNT_MEMBERS,
  /** Microsoft Graph, without `/v1.0`. */
  graph: httpsUrl.default("https://graph.microsoft.com"),
  /** What the names of everything begin with: another one for each installation in a tenant. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/)
    .default("password-writeback"),
  /** Client id of a registration that was made by hand and is to be gone on with. */
  apiClientId: z.guid().optional(),
  /** Groups that get an app role of the API: an object id, or the word that has one made. */
  groups: z
    .strictObject({ operators: group, helpdesk: group, people: group })
    .partial()
    .default({}),
  /** Whether operators sign in with `az`: it may ask for their scope then. */
  azureCli: z.boolean().default(false),
});
/** A token of Microsoft's goes to Microsoft only, whoever has written the profile. */
const profile = members.refine((given) => !signsInAtMicrosoft(given) || isGraph(given.graph), {
  path: ["graph"],
});
export type Profile = z.infer<typeof profile>;

/**
 * Reads which tenant is meant and as whom to sign in.
 * @throws CommandError that names the member
 */
export const readProfile = (path: string): Promise<Profile> => readProfileAs(path, profile);
