import { z } from "zod";
import { azdName } from "../../operator/azdEnvironment.ts";
import { siteId } from "../../operator/site.ts";
import { httpsUrl } from "../../workstation/profile.ts";

const text = z.string().min(1).max(2_048);
const coordinate = z.string().max(64).default("");

/** Values of azd that are there before anything is made. */
const environment = z.object({
  AZURE_ENV_NAME: azdName,
  /** Of an earlier deployment; empty before the first one. */
  API_URL: z.union([z.literal(""), httpsUrl]).default(""),
  /** Both empty until `init` has found the root key. */
  ROOT_PUBLIC_KEY_X: coordinate,
  ROOT_PUBLIC_KEY_Y: coordinate,
});
export type Environment = z.infer<typeof environment>;

/** What azd hands to a hook: values of the environment, and outputs of `infra/main.bicep`. */
const deployment = environment.extend({
  API_URL: httpsUrl,
  API_CLIENT_ID: z.guid(),
  TENANT_ID: z.guid(),
  AUTHORITY: httpsUrl,
  AZURE_FUNCTION_ID: siteId,
  MANAGED_IDENTITY_PRINCIPAL_ID: z.guid(),
  SERVICE_BUS_NAMESPACE: text,
  KEY_VAULT_URL: httpsUrl,
  ROOT_KEY_NAME: text,
  SIGNING_KEY_NAME: text,
});
export type Deployment = z.infer<typeof deployment>;

/** @throws Error that names each value that is missing or wrong */
export const readEnvironment = (given: NodeJS.ProcessEnv): Environment => read(environment, given);

/** @throws Error that names each value that is missing or wrong */
export const readDeployment = (given: NodeJS.ProcessEnv): Deployment => read(deployment, given);

function read<T>(schema: z.ZodType<T>, given: NodeJS.ProcessEnv): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join("."));
  throw new Error(`azd gives no value, or a wrong one, of: ${[...new Set(names)].join(", ")}`);
}

/** Where the operator's profile of an environment lies, from the project's folder. */
export const profileFileOf = ({ AZURE_ENV_NAME }: Pick<Environment, "AZURE_ENV_NAME">): string =>
  `.azure/${AZURE_ENV_NAME}/operator.json`;

/** The command that makes the functions start. */
export const initCommand = (given: Pick<Environment, "AZURE_ENV_NAME">): string =>
  `npm run operator -- init --profile ${profileFileOf(given)} --yes`;
