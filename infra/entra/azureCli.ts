import { z } from "zod";

/** Client id of the Azure CLI, which people use as `az`: the same in every tenant and cloud. */
export const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

export const preAuthorized = z.looseObject({
  appId: z.string(),
  delegatedPermissionIds: z.array(z.string()).nullish(),
});
type PreAuthorized = z.infer<typeof preAuthorized>;

/**
 * The clients that people need no consent for, with the Azure CLI among them for this scope.
 * @returns `undefined` where it is so already
 */
export function withAzureCli(
  current: readonly PreAuthorized[],
  scopeId: string,
): readonly PreAuthorized[] | undefined {
  const before = current.find(({ appId }) => appId.toLowerCase() === AZURE_CLI);
  const ids = before?.delegatedPermissionIds ?? [];
  if (ids.includes(scopeId)) return undefined;
  const after = { ...before, appId: AZURE_CLI, delegatedPermissionIds: [...ids, scopeId] };
  return [...current.filter((one) => one !== before), after];
}
