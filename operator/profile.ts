import { KEY_NAMES } from "@password-writeback/protocol/keyNames.ts";
import { publicKey } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";
import { ACCOUNT_MEMBERS, httpsUrl, readProfileAs } from "../workstation/profile.ts";
import { signsInAtMicrosoft } from "../workstation/signIn.ts";
import { isResourceManager } from "./resourceManager.ts";
import { siteId } from "./site.ts";
import { isAzureVault } from "./vault.ts";

const keyName = z.string().regex(/^[0-9A-Za-z-]{1,127}$/);

const members = z.strictObject({
  ...ACCOUNT_MEMBERS,
  api: httpsUrl,
  /** Client id of the API's registration: whom tokens are for. */
  apiClientId: z.guid(),
  vault: httpsUrl,
  rootKeyName: keyName.default(KEY_NAMES.root),
  signingKeyName: keyName.default(KEY_NAMES.signing),
  /** What agents need to know of the Service Bus namespace. */
  relay: z.strictObject({
    namespace: z.string().regex(/^[A-Za-z0-9.-]{1,255}$/),
    endpoint: httpsUrl.optional(),
  }),
  /** The root key as it was made: a vault that shows another one is refused. */
  rootKey: publicKey.optional(),
  /** Resource id of the functions' site: with it `init` puts the root key into its settings. */
  site: siteId.optional(),
  /** Azure Resource Manager; that of the authority's cloud where it is left out. */
  management: httpsUrl.optional(),
});
/** A token of Microsoft's goes to Azure only, whoever has written the profile. */
const profile = members
  .refine((given) => !signsInAtMicrosoft(given) || isAzureVault(given.vault), { path: ["vault"] })
  .refine(
    (given) =>
      !signsInAtMicrosoft(given) ||
      given.management === undefined ||
      isResourceManager(given.management),
    { path: ["management"] },
  );
export type Profile = z.infer<typeof profile>;

/**
 * Reads where the service is and as whom to sign in: what differs between installations.
 * @throws CommandError that names the member
 */
export const readProfile = (path: string): Promise<Profile> => readProfileAs(path, profile);
