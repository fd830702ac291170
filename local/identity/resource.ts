import type { Application } from "./application.ts";

export const GRAPH = "https://graph.microsoft.com";
export const KEY_VAULT = "https://vault.azure.net";
export const RESOURCE_MANAGER = "https://management.azure.com";
export const SERVICE_BUS = "https://servicebus.azure.net";
export const STORAGE = "https://storage.azure.com";

const SERVICES: ReadonlySet<string> = new Set([
  GRAPH,
  KEY_VAULT,
  RESOURCE_MANAGER,
  SERVICE_BUS,
  STORAGE,
]);

/** What a token is for. A service's tokens have version 1, those of our own API version 2. */
export interface Resource {
  readonly audience: string;
  readonly version: "1.0" | "2.0";
}

/**
 * The resource that a name stands for: a service's address, with or without slashes at its end
 * (Service Bus is asked for with one), an application's client id or `api://` and that id.
 * `undefined` for one that the tenant doesn't have.
 */
export function findResource(
  name: string,
  applications: readonly Application[],
): Resource | undefined {
  const bare = name.replace(/\/+$/, "");
  if (SERVICES.has(bare)) return { audience: bare, version: "1.0" };
  const clientId = bare.replace(/^api:\/\//, "");
  const known = applications.some((application) => application.clientId === clientId);
  return known ? { audience: clientId, version: "2.0" } : undefined;
}

/** The resource of a `<resource>/.default` scope; any other scope has none. */
export function resourceOfScope(
  scope: string,
  applications: readonly Application[],
): Resource | undefined {
  const suffix = "/.default";
  if (!scope.endsWith(suffix)) return undefined;
  return findResource(scope.slice(0, -suffix.length), applications);
}
