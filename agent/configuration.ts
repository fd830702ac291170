import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { connectorName } from "@password-writeback/protocol/request.ts";
import { agentId, publicKey } from "@password-writeback/protocol/trustList.ts";
import { MAX_HELP_TEXT } from "@password-writeback/protocol/violation.ts";
import { z } from "zod";
import { complaints, placeholders } from "./complaints.ts";
import { guardSettings } from "./directory/guard/settings.ts";
import { translated } from "./firstConfiguration.ts";
import { policyEnforcement } from "./operations/policyEnforcement.ts";

/** The configuration cannot be used. The message names the key and the fix, never a value. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

const url = (scheme: "https" | "ldaps") =>
  z.string().refine((text) => URL.canParse(text) && new URL(text).protocol === `${scheme}:`, {
    error: `must be a URL that starts with ${scheme}://`,
  });
const text = z.string({ error: "must be a string" }).min(1, "must not be empty");
const file = text.describe("path of a file, relative to the configuration file");
const flag = z.boolean({ error: "must be true or false" });
const milliseconds = (standard: number) =>
  z
    .number({ error: "must be a number of milliseconds" })
    .int("must be a whole number of milliseconds")
    .min(100, "must be at least 100 milliseconds")
    .max(60_000, "must be at most 60000 milliseconds")
    .default(standard);
const count = (standard: number, most: number) =>
  z
    .number({ error: "must be a number" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(most, `must be at most ${most}`)
    .default(standard);
const name = (pattern: z.ZodString, what: string) =>
  z.string({ error: "must be a string" }).refine((given) => pattern.safeParse(given).success, {
    error: `must be ${what}`,
  });

/** Permission bit of a file (POSIX). */
const WRITABLE_BY_ALL = 0o002;
const UPN_OR_GUID = /^(?:[^@\s]+@[^@\s]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$/;

const timeouts = z.strictObject({
  connect: milliseconds(5_000),
  search: milliseconds(5_000),
  modify: milliseconds(10_000),
});

/** LDAP over TLS only; a name where the certificate carries another one than the URL. */
const domainController = z.strictObject({ url: url("ldaps"), servername: text.optional() });

/** One domain, of whatever forest, with everything that is its own. */
const domain = z.strictObject({
  /** In order of preference; the PDC emulator comes first wherever it stands. */
  domainControllers: z
    .array(domainController, { error: "must be a list of domain controllers" })
    .min(1, "must name at least one domain controller")
    .max(16, "must name at most 16 domain controllers"),
  caFile: file.optional(),
  baseDn: text,
  bindDn: text,
  passwordFile: file,
  sourceAnchorAttribute: z.enum(["mS-DS-ConsistencyGuid", "objectGUID"], {
    error: 'must be "mS-DS-ConsistencyGuid" or "objectGUID", as in the directory synchronisation',
  }),
  /** Whether the UPN must be the one that the cloud knows. */
  checkUserPrincipalName: flag.default(false),
  canary: text.regex(UPN_OR_GUID, "must be the UPN or the objectGUID of the canary account"),
  allowWeakerEnforcement: flag.default(false),
  /** Says that a password filter is in place; its help text is shown to who was refused. */
  passwordFilter: z
    .strictObject({
      helpText: text.max(MAX_HELP_TEXT, `must have at most ${MAX_HELP_TEXT} characters`).optional(),
    })
    .optional(),
  policyEnforcement: policyEnforcement.default(policyEnforcement.parse({})),
  guard: guardSettings.default(guardSettings.parse({})),
});

/** The section `directory`, as it may also stand in a file of its own at enrolment. */
export const directorySection = z.strictObject({
  /** Every target is looked for in all of them, and must be in exactly one. */
  domains: z
    .array(domain, { error: "must be a list of domains" })
    .min(1, "must name at least one domain")
    .max(32, "must name at most 32 domains"),
  /** Jobs at once in each domain; lookups come on top. */
  connections: count(4, 32),
  timeouts: timeouts.default(timeouts.parse({})),
});

const configuration = z.strictObject({
  agentId: name(agentId, "lower-case letters, digits and hyphens, as in the trust list"),
  connector: name(connectorName, "lower-case letters, digits and hyphens, as in the trust list"),
  tenantId: z.guid({ error: "must be the tenant's id, a GUID" }),
  entra: z.strictObject({
    authority: url("https").default("https://login.microsoftonline.com"),
    clientId: z.guid({ error: "must be the application's client id, a GUID" }),
    /** RSA key and certificate in one PEM file. */
    certificateFile: file,
  }),
  api: z.strictObject({ url: url("https"), scope: text }),
  relay: z.strictObject({
    namespace: text.regex(/^[A-Za-z0-9.-]+$/, "must be the host name of the namespace"),
    endpoint: url("https").optional(),
  }),
  rootKey: z
    .unknown()
    .refine((jwk) => publicKey.safeParse(jwk).success, {
      error: "must be the public root key as a JWK: kty EC, crv P-256, x, y and nothing else",
    })
    .transform((jwk) => publicKey.parse(jwk)),
  /** Folder with the agent's private encryption keys, and with nothing else. */
  keyFolder: file,
  dataDirectory: text,
  maximumJobs: count(16, 256),
  directory: directorySection,
});

/** The configuration file, checked; paths are absolute. */
export type Configuration = z.infer<typeof configuration>;

/**
 * @param warn told which members are the first version's, each with what it is called today
 * @throws ConfigurationError
 */
export async function readConfiguration(
  path: string,
  warn: (members: readonly string[]) => void = () => {},
): Promise<Configuration> {
  const parsed = parseConfiguration(await read(path), warn);
  const absolute = (relative: string): string => resolve(dirname(resolve(path)), relative);
  return {
    ...parsed,
    entra: { ...parsed.entra, certificateFile: absolute(parsed.entra.certificateFile) },
    keyFolder: absolute(parsed.keyFolder),
    dataDirectory: absolute(parsed.dataDirectory),
    directory: {
      ...parsed.directory,
      domains: parsed.directory.domains.map(({ caFile, ...domain }) => ({
        ...domain,
        passwordFile: absolute(domain.passwordFile),
        ...(caFile !== undefined && { caFile: absolute(caFile) }),
      })),
    },
  };
}

/**
 * @param warn as for `readConfiguration`
 * @throws ConfigurationError with one line for each key that is wrong
 */
export function parseConfiguration(
  content: string,
  warn: (members: readonly string[]) => void = () => {},
): Configuration {
  const json = parseJson(content);
  if (json === undefined) throw new ConfigurationError("The configuration file is not JSON.");
  const { configuration: given, outdated } = translated(json);
  const open = placeholders(given);
  if (open.length > 0)
    throw new ConfigurationError(
      open.map((key) => `${key}: is still to be filled in, in the place of <…>`).join("\n"),
    );
  const parsed = configuration.safeParse(given);
  if (parsed.success) {
    if (outdated.length > 0) warn(outdated);
    return parsed.data;
  }
  throw new ConfigurationError(complaints(parsed.error, given, "configuration").join("\n"));
}

/** Whoever may write the file may put another root key into it. */
async function read(path: string): Promise<string> {
  try {
    const [{ mode }, text] = await Promise.all([stat(path), readFile(path, "utf8")]);
    if (process.platform === "win32" || (mode & WRITABLE_BY_ALL) === 0) return text;
  } catch {
    throw new ConfigurationError("--config: the file cannot be read.");
  }
  throw new ConfigurationError("--config: everybody may write the file; run chmod 600 on it.");
}
