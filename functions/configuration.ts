import { connectorName } from "@password-writeback/protocol/request.ts";
import { publicKey } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";
import { throttleSettings } from "./throttle/throttleSettings.ts";

const url = z.url({ protocol: /^https$/ }).transform((text) => text.replace(/\/$/, ""));
const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const flag = (fallback: boolean) =>
  z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .default(fallback);
const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** A connector and the Active Directory domains whose accounts it serves. */
const connector = z.strictObject({
  name: connectorName,
  domains: z.array(z.string().min(1).max(255).toLowerCase()).min(1),
});

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;
const connectors = z
  .array(connector)
  .min(1)
  .refine((list) => isUnique(list.map(({ name }) => name)), "names one connector twice")
  .refine((list) => isUnique(list.flatMap(({ domains }) => domains)), "names one domain twice");

/** Id of an authentication context of Conditional Access. */
const authenticationContext = z.string().regex(/^c[1-9]\d?$/);

const settings = z.object({
  /** Entra tenant that callers, agents and people belong to. */
  TENANT_ID: z.guid().toLowerCase(),
  /** Client id of this API's registration: the audience of every token. */
  API_CLIENT_ID: z.guid().toLowerCase(),
  /** Entra authority; another one in national clouds. */
  AUTHORITY: url.default("https://login.microsoftonline.com"),
  /** JSON list of the client ids of applications that may call, agents left out. */
  ALLOWED_CLIENTS: json(z.array(z.guid().toLowerCase()).min(1)),
  /** Whether Microsoft Graph's permissions for the same calls are as good as this API's own. */
  ACCEPT_GRAPH_PERMISSIONS: flag(false),
  /** Whether a portal may prove itself with a secret instead of a certificate. */
  PORTAL_MAY_USE_SECRET: flag(false),
  /** Authentication context of the routes that always ask for a step-up; without it they refuse. */
  STEP_UP_CONTEXT: authenticationContext.optional(),
  /** JSON object: authentication contexts by name of the route. */
  STEP_UP_ROUTES: json(z.record(z.string(), authenticationContext)).default({}),
  GRAPH_URL: url.default("https://graph.microsoft.com"),
  /** Client id of the user-assigned identity. */
  MANAGED_IDENTITY_CLIENT_ID: z.guid(),
  SERVICE_BUS_NAMESPACE: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i),
  /** Where to dial instead of the namespace's own name. */
  SERVICE_BUS_ENDPOINT: url.optional(),
  TABLES_URL: url,
  KEY_VAULT_URL: url,
  /** Name of the operators' root key, whose tag `serial` guards against old trust lists. */
  ROOT_KEY_NAME: z.string().default("root"),
  /** Public half of the root key as a JWK: what trust lists are verified with. */
  ROOT_PUBLIC_KEY: json(publicKey),
  /** JSON list of `{ name, domains }`. */
  CONNECTORS: json(connectors),
  /** Seconds that a caller waits at most. */
  TOTAL_WAIT_SECONDS: seconds(20),
  /** Seconds after which the agent may not start a write: the wait less the agent's LDAP limit. */
  WRITE_START_SECONDS: seconds(9),
  /** Seconds that the proof of identity of a self-service request may be old. */
  PROOF_MAX_AGE_SECONDS: seconds(900),
  ...throttleSettings,
  /** Days that audit records are kept. */
  AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(365),
  /** Whether holders of Entra roles may use self-service and portals; administrators always may. */
  SELF_SERVICE_FOR_ROLE_HOLDERS: flag(false),
  /** Object id of the group whose members automation may help; without it there is none. */
  AUTOMATION_GROUP_ID: z.guid().toLowerCase().optional(),
});
export type Configuration = z.infer<typeof settings>;
export type Connector = z.infer<typeof connector>;

/**
 * Reads the settings once, at start.
 * @throws Error that names each wrong setting, never its value
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const parsed = settings.safeParse(environment);
  if (!parsed.success)
    throw wrong(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
  if (parsed.data.WRITE_START_SECONDS >= parsed.data.TOTAL_WAIT_SECONDS)
    throw wrong(["WRITE_START_SECONDS: must be below TOTAL_WAIT_SECONDS"]);
  return parsed.data;
}

const wrong = (which: readonly string[]): Error =>
  new Error(`Settings are missing or wrong:\n  ${which.join("\n  ")}`);
