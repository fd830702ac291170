import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonAnswer, JsonRequest } from "../http/jsonServer.ts";
import type { Issuer } from "./issuer.ts";
import { type GraphPerson, isSelectable, type People } from "./people.ts";
import { GRAPH } from "./resource.ts";

/** What a test makes the next call meet: an error answer, a delay in milliseconds, or both. */
export interface GraphFault {
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly delayMs?: number;
}

const USER = /^\/v1\.0\/users\/([^/]+)$/;
const READ_USERS = "User.Read.All";
const DEFAULT_SELECTION: readonly (keyof GraphPerson)[] = [
  "displayName",
  "userPrincipalName",
  "id",
];

function userKey(path: string): string | undefined {
  const [, key] = USER.exec(path) ?? [];
  try {
    return key && decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

/** Microsoft Graph v1.0, as far as the functions call it: one user by id or UPN. */
export class Graph {
  private readonly issuer: Issuer;
  private readonly people: People;
  private faults: GraphFault[] = [];

  constructor(issuer: Issuer, people: People) {
    this.issuer = issuer;
    this.people = people;
  }

  /** The next `times` calls meet the fault. */
  fail(fault: GraphFault, times = 1): void {
    for (let count = 0; count < times; count += 1) this.faults.push(fault);
  }

  /** Forgets faults that no call has met yet. */
  recover(): void {
    this.faults = [];
  }

  async handle(request: JsonRequest): Promise<JsonAnswer> {
    const fault = this.faults.shift();
    if (fault?.delayMs) await wait(fault.delayMs);
    const answer = fault?.status
      ? this.error(request, fault.status, "UnknownError", "A fault that was asked for.")
      : await this.answer(request);
    const id = String(request.headers["client-request-id"] ?? randomUUID());
    const retryAfter = fault?.retryAfterSeconds;
    return {
      ...answer,
      headers: {
        "request-id": randomUUID(),
        "client-request-id": id,
        ...answer.headers,
        ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
      },
    };
  }

  private async answer(request: JsonRequest): Promise<JsonAnswer> {
    const refusal = await this.refusal(request);
    if (refusal) return refusal;
    const key = request.method === "GET" ? userKey(request.path) : undefined;
    if (key === undefined) {
      return this.error(request, 400, "BadRequest", "The local Graph has no such call.");
    }
    const person = this.people.find(key);
    if (!person) {
      const text = `Resource '${key}' does not exist.`;
      return this.error(request, 404, "Request_ResourceNotFound", text);
    }
    const selected = request.query.get("$select")?.split(",") ?? DEFAULT_SELECTION;
    const unknown = selected.find((name) => !isSelectable(name));
    if (unknown !== undefined) {
      const text = `Could not find a property named '${unknown}' on type 'microsoft.graph.user'.`;
      return this.error(request, 400, "BadRequest", text);
    }
    const names = selected.filter(isSelectable);
    const context = `${GRAPH}/v1.0/$metadata#users(${names.join(",")})/$entity`;
    const fields = names.map((name) => [name, person[name] ?? null]);
    return { status: 200, body: { "@odata.context": context, ...Object.fromEntries(fields) } };
  }

  private async refusal(request: JsonRequest): Promise<JsonAnswer | undefined> {
    const [scheme, token] = (request.headers.authorization ?? "").split(" ");
    if (scheme?.toLowerCase() !== "bearer" || !token) {
      const text = "Access token is empty.";
      return this.error(request, 401, "InvalidAuthenticationToken", text);
    }
    const claims = await this.issuer.verify(token, GRAPH).catch(() => undefined);
    if (!claims) {
      const text = "Access token validation failure.";
      return this.error(request, 401, "InvalidAuthenticationToken", text);
    }
    const roles: unknown[] = Array.isArray(claims.roles) ? claims.roles : [];
    if (roles.includes(READ_USERS)) return undefined;
    const text = "Insufficient privileges to complete the operation.";
    return this.error(request, 403, "Authorization_RequestDenied", text);
  }

  private error(request: JsonRequest, status: number, code: string, message: string): JsonAnswer {
    const innerError = {
      date: this.issuer.now().toISOString().slice(0, 19),
      "request-id": randomUUID(),
      "client-request-id": request.headers["client-request-id"] ?? randomUUID(),
    };
    return { status, body: { error: { code, message, innerError } } };
  }
}
