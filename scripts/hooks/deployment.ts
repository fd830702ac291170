import { z } from "zod";

const text = z.string().min(1).max(2_048);
const url = z.url({ protocol: /^https$/ }).transform((given) => given.replace(/\/$/, ""));

/** What azd hands to a hook: values of the environment, and outputs of `infra/main.bicep`. */
const deployment = z.object({
  API_URL: url,
  API_CLIENT_ID: z.guid(),
  TENANT_ID: z.guid(),
  MANAGED_IDENTITY_PRINCIPAL_ID: z.guid(),
  SERVICE_BUS_NAMESPACE: text,
  KEY_VAULT_URL: url,
  /** Empty until an operator has looked at the root key. */
  ROOT_PUBLIC_KEY_X: z.string().max(64).default(""),
});
export type Deployment = z.infer<typeof deployment>;

/** @throws Error that names each value that is missing or wrong */
export function readDeployment(environment: NodeJS.ProcessEnv): Deployment {
  const parsed = deployment.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join("."));
  throw new Error(`azd gives no value, or a wrong one, of: ${[...new Set(names)].join(", ")}`);
}
