import { randomUUID, timingSafeEqual } from "node:crypto";
import type { JsonAnswer, JsonRequest } from "../http/jsonServer.ts";
import type { Issuer } from "./issuer.ts";
import { findResource } from "./resource.ts";

export const MANAGED_IDENTITY_PATH = "/msi/token";

const LIFETIME_SECONDS = 86_400;

const refuse = (status: number, message: string): JsonAnswer => ({
  status,
  body: { statusCode: status, message, correlationId: randomUUID() },
});

function same(left: string, right: unknown): boolean {
  if (typeof right !== "string") return false;
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The token endpoint that App Service gives a process (REST protocol 2019-08-01). The header
 * secret keeps out requests that a process was tricked into; there is no system-assigned identity.
 */
export async function answerManagedIdentity(
  request: JsonRequest,
  issuer: Issuer,
  header: string,
): Promise<JsonAnswer> {
  const { method, path, query, headers } = request;
  if (method !== "GET" || path !== MANAGED_IDENTITY_PATH) return refuse(404, "Not found.");
  if (!same(header, headers["x-identity-header"])) {
    return refuse(401, "The X-IDENTITY-HEADER header is missing or wrong.");
  }
  if (query.get("api-version") !== "2019-08-01") {
    return refuse(400, "The api-version is not supported.");
  }
  const { applications } = issuer.options;
  const resource = findResource(query.get("resource") ?? "", applications);
  if (!resource) return refuse(400, "The tenant has no such resource.");
  const clientId = query.get("client_id");
  const application = applications.find((one) => one.managedIdentity && one.clientId === clientId);
  if (!application) return refuse(400, "No user-assigned managed identity has this client_id.");
  const subject = { kind: "app", application } as const;
  const expiresOn = Math.floor(issuer.now().getTime() / 1000) + LIFETIME_SECONDS;
  return {
    status: 200,
    body: {
      access_token: await issuer.issue(resource, subject, LIFETIME_SECONDS),
      client_id: application.clientId,
      expires_on: String(expiresOn),
      resource: query.get("resource"),
      token_type: "Bearer",
    },
  };
}
