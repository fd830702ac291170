import type { LocalDirectory } from "../../../local/localDirectory.ts";
import { CANARY, SERVICE_ACCOUNT, userPrincipalName } from "../../../local/samples.ts";

/** What in the first agent's configuration was not as it is today; undefined: not there yet. */
export const firstConfiguration = (directory: LocalDirectory) => ({
  keyFolder: undefined,
  encryptionKeyFile: "keys/encryption.jwk.json",
  directory: {
    url: directory.url,
    servername: directory.servername,
    caFile: directory.caFile,
    baseDn: directory.baseDn,
    bindDn: userPrincipalName(SERVICE_ACCOUNT),
    passwordFile: "service-account.secret",
    sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
    canary: userPrincipalName(CANARY),
  },
});
