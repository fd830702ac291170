import type { JWTPayload } from "jose";
import type { JsonAnswer, JsonRequest } from "../http/jsonServer.ts";
import { KEY_VAULT } from "../identity/resource.ts";
import { VaultError } from "./vaultError.ts";

export type VaultOperation = "get" | "list" | "create" | "update" | "sign";

/** Which identity (object id) may do what with which key. */
export type VaultRights = (objectId: string, keyName: string, operation: VaultOperation) => boolean;

/** @throws for a token that is not good for the audience at this moment. */
export type VerifyToken = (token: string, audience: string) => Promise<JWTPayload>;

/** Key Vault's 401: names tenant and resource, so a client learns which token to get. */
export const challenge = (authority: string, tenantId: string, detail: string): JsonAnswer => ({
  status: 401,
  headers: {
    "www-authenticate": `Bearer authorization="${authority}/${tenantId}", resource="${KEY_VAULT}"`,
  },
  body: { error: { code: "Unauthorized", message: detail } },
});

/** The caller's object id, `undefined` if the token is missing or not good. */
export async function callerOf(
  request: JsonRequest,
  verify: VerifyToken,
): Promise<string | undefined> {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token) return undefined;
  const claims = await verify(token, KEY_VAULT).catch(() => undefined);
  return typeof claims?.oid === "string" ? claims.oid : undefined;
}

/** @throws {VaultError} 403 */
export function assertAllowed(
  may: VaultRights,
  objectId: string,
  name: string,
  operation: VaultOperation,
): void {
  if (may(objectId, name, operation)) return;
  const text = `Caller ${objectId} is not authorized to ${operation} the key ${name}.`;
  throw new VaultError(403, "Forbidden", text, "ForbiddenByRbac");
}
