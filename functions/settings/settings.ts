import { KEY_NAMES } from "@password-writeback/protocol/keyNames.ts";
import { publicKey } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";
import { byDefault, needed, optional } from "./setting.ts";
import {
  authenticationContext,
  connectors,
  flag,
  hostName,
  id,
  json,
  url,
  whole,
} from "./values.ts";

const NOBODY = "00000000-0000-0000-0000-000000000000";
/** Counts are kept in one row, so there cannot be very many. */
const count = whole(1, 50);
/** A year at most: counted in milliseconds it is a date, whatever it is added to. */
const seconds = whole(1, 31_536_000);

/**
 * Every setting of the deployment, in the order of its page. `npm run docs` writes from this table
 * `docs/settings.md`, `infra/settings.json` and `local.settings.json.example`.
 */
export const SETTINGS = {
  TENANT_ID: needed(id, "the Entra tenant that callers, agents and people belong to", NOBODY),
  API_CLIENT_ID: needed(
    id,
    "client id of this API's registration, the audience of every token",
    NOBODY,
  ),
  ALLOWED_CLIENTS: needed(
    json(z.array(id).min(1)),
    "JSON list of the client ids that may call; see [which clients](access.md#which-clients)",
    `["${NOBODY}"]`,
  ),
  MANAGED_IDENTITY_CLIENT_ID: needed(
    z.guid(),
    "client id of the app's user-assigned identity",
    NOBODY,
  ),
  SERVICE_BUS_NAMESPACE: needed(
    hostName,
    "host name of the Service Bus namespace",
    "contoso.servicebus.windows.net",
  ),
  TABLES_URL: needed(
    url,
    "address of the storage account's [tables](tables.md)",
    "https://contoso.table.core.windows.net",
  ),
  KEY_VAULT_URL: needed(
    url,
    "address of the vault with root key and signing key",
    "https://contoso.vault.azure.net",
  ),
  ROOT_PUBLIC_KEY: needed(
    json(publicKey),
    "public half of the root key, a JWK; [`init`](enrolment.md#the-operators-command) sets it",
    '{"kty":"EC","crv":"P-256","x":"…","y":"…"}',
  ),
  CONNECTORS: needed(
    json(connectors),
    'JSON list of `{"name":"corp","domains":["corp.example"]}`: which domains\' accounts each serves',
    '[{"name":"corp","domains":["corp.example"]}]',
  ),

  AUTHORITY: byDefault(
    url,
    "https://login.microsoftonline.com",
    "another one in [national clouds](access.md#national-clouds)",
  ),
  GRAPH_URL: byDefault(
    url,
    "https://graph.microsoft.com",
    "Microsoft Graph; another one there too",
  ),
  SERVICE_BUS_ENDPOINT: optional(
    url,
    "where to dial instead of the namespace's own name",
    "https://contoso.servicebus.windows.net",
  ),
  ROOT_KEY_NAME: byDefault(z.string(), KEY_NAMES.root, "name of the root key in the vault"),
  ACCEPT_GRAPH_PERMISSIONS: byDefault(
    flag,
    "false",
    "take [Microsoft Graph's permissions](access.md#microsoft-graphs-permissions) as scopes",
  ),
  PORTAL_MAY_USE_SECRET: byDefault(
    flag,
    "false",
    "a portal may prove itself with a client secret instead of a certificate",
  ),
  STEP_UP_CONTEXT: optional(
    authenticationContext,
    "authentication context of the routes that always ask for a [step-up](access.md#step-up); " +
      "without it they refuse",
    "c1",
  ),
  STEP_UP_ROUTES: byDefault(
    json(z.record(z.string(), authenticationContext)),
    "{}",
    "JSON object: contexts of other routes, by name",
  ),
  SELF_SERVICE_FOR_ROLE_HOLDERS: byDefault(
    flag,
    "false",
    "holders of Entra roles may [help themselves]" +
      "(administrators.md#holders-of-roles-help-themselves-with-their-current-password-only)",
  ),
  AUTOMATION_GROUP_ID: optional(
    id,
    "group whose members [automation](administrators.md#automation) may help; without it there " +
      "is no automation",
    NOBODY,
  ),
  PROOF_MAX_AGE_SECONDS: byDefault(seconds, "900", "how old a portal's proof of identity may be"),
  // The host ends a call after 90, and whatever else its process is at.
  TOTAL_WAIT_SECONDS: byDefault(
    whole(1, 60),
    "20",
    "how long a caller waits at most, 60 at the longest",
  ),
  WRITE_START_SECONDS: byDefault(
    seconds,
    "9",
    "after this the agent begins no write; below the wait by as much as the directory may take",
  ),
  AUDIT_RETENTION_DAYS: byDefault(
    whole(1, 3_650),
    "365",
    "how long [audit records](audit.md#how-long) are kept",
  ),
  // The first three limits are Microsoft's.
  THROTTLE_RESETS: byDefault(
    count,
    "5",
    "[limits](throttle.md): resets and unlocks of one's own account that may fail in a window",
  ),
  THROTTLE_WINDOW_SECONDS: byDefault(seconds, "3600", "the window"),
  THROTTLE_BLOCK_SECONDS: byDefault(seconds, "86400", "how long there are none after that"),
  THROTTLE_POLICY_REFUSALS: byDefault(
    count,
    "20",
    "new passwords that the policy may refuse in a window",
  ),
  THROTTLE_WRONG_PASSWORDS: byDefault(
    count,
    "5",
    "wrong current passwords; fewer where the directory would lock the account for as many",
  ),
  RATE_REQUESTER_PER_MINUTE: byDefault(
    whole(0),
    "30",
    "calls of one signed-in person, at each instance; 0: any number",
  ),
  RATE_ADDRESS_PER_MINUTE: byDefault(
    whole(0),
    "600",
    "calls of signed-in people from one address, likewise",
  ),
  BRAKE_RESETS_PER_MINUTE: byDefault(
    whole(1),
    "100",
    "resets of everybody in a minute from which on there is an alert",
  ),
  BRAKE_STOPS_WRITES: byDefault(flag, "false", "then nothing is written for a minute"),
};
