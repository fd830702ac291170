import type { CertificateApplication } from "./certificateApplication.ts";
import type { Desk } from "./desk.ts";

/** An app role or a scope, as a registration asks for it. */
export interface Access {
  readonly id: string;
  readonly type: "Role" | "Scope";
}

/**
 * Writes into a client's registration what of a resource it asks for: the portal's pages show it,
 * and consent given there goes by it. What it asks for besides stays.
 * @param resourceAppId client id of the resource
 * @throws CommandError
 */
export async function ensureRequested(
  { graph, make }: Desk,
  { id, requiredResourceAccess }: CertificateApplication,
  resourceAppId: string,
  wanted: readonly Access[],
): Promise<void> {
  const current = requiredResourceAccess ?? [];
  const before = current.find((one) => one.resourceAppId === resourceAppId);
  const has = before?.resourceAccess ?? [];
  const missing = wanted.filter((one) => !has.some((access) => access.id === one.id));
  if (missing.length === 0) return;
  const after = { ...before, resourceAppId, resourceAccess: [...has, ...missing] };
  await make("asks for it in the client's registration", () =>
    graph.write("PATCH", `/applications/${id}`, {
      requiredResourceAccess: [...current.filter((one) => one !== before), after],
    }),
  );
}
