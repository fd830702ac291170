import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonAnswer, JsonRequest } from "../../http/jsonServer.ts";
import type { Issuer } from "../issuer.ts";
import { GRAPH } from "../resource.ts";
import { type GraphCall, GraphError, GraphReply, type Tenant } from "./graphCall.ts";
import { graphCalls } from "./graphCalls.ts";

/** What a test makes the next call meet: an error answer, a delay in milliseconds, or both. */
export interface GraphFault {
  readonly status?: number;
  /** Of the error; `UnknownError` by default. */
  readonly code?: string;
  readonly retryAfterSeconds?: number;
  readonly delayMs?: number;
  /** The fault waits for a call whose path, behind `/v1.0`, this matches; any by default. */
  readonly path?: RegExp;
}

const VERSION = "/v1.0";

/**
 * Microsoft Graph v1.0, as far as the functions and `infra/entra` call it. It never met the real
 * one.
 */
export class Graph {
  private readonly issuer: Issuer;
  private readonly tenant: Tenant;
  private faults: GraphFault[] = [];

  constructor(issuer: Issuer, tenant: Tenant) {
    this.issuer = issuer;
    this.tenant = tenant;
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
    const fault = this.takeFault(request.path.slice(VERSION.length));
    if (fault?.delayMs) await wait(fault.delayMs);
    const answer = await this.answer(request, fault);
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

  private takeFault(path: string): GraphFault | undefined {
    const at = this.faults.findIndex((fault) => fault.path?.test(path) ?? true);
    return at < 0 ? undefined : this.faults.splice(at, 1)[0];
  }

  private async answer(request: JsonRequest, fault?: GraphFault): Promise<JsonAnswer> {
    try {
      if (fault?.status) {
        const { status, code = "UnknownError" } = fault;
        throw new GraphError(status, code, "A fault that was asked for.");
      }
      const roles = await this.rolesOf(request);
      const { call, segments } = find(request);
      if (!call.permissions.some((permission) => roles.includes(permission)))
        throw new GraphError(
          403,
          "Authorization_RequestDenied",
          "Insufficient privileges to complete the operation.",
        );
      const answer = call.answer(this.tenant, segments, request, roles);
      return answer instanceof GraphReply
        ? { status: answer.status, body: answer.body }
        : { status: 200, body: answer };
    } catch (error) {
      if (error instanceof GraphError) return this.error(request, error);
      throw error;
    }
  }

  private async rolesOf(request: JsonRequest): Promise<readonly unknown[]> {
    const [scheme, token] = (request.headers.authorization ?? "").split(" ");
    if (scheme?.toLowerCase() !== "bearer" || !token)
      throw new GraphError(401, "InvalidAuthenticationToken", "Access token is empty.");
    const claims = await this.issuer.verify(token, GRAPH).catch(() => {
      throw new GraphError(401, "InvalidAuthenticationToken", "Access token validation failure.");
    });
    return Array.isArray(claims.roles) ? claims.roles : [];
  }

  private error(request: JsonRequest, { status, code, message }: GraphError): JsonAnswer {
    const innerError = {
      date: this.issuer.now().toISOString().slice(0, 19),
      "request-id": randomUUID(),
      "client-request-id": request.headers["client-request-id"] ?? randomUUID(),
    };
    return { status, body: { error: { code, message, innerError } } };
  }
}

/** @throws GraphError */
function find({ method, path }: JsonRequest): {
  readonly call: GraphCall;
  readonly segments: readonly string[];
} {
  const rest = path.slice(VERSION.length);
  for (const call of graphCalls) {
    const found = call.method === method ? call.path.exec(rest) : null;
    const segments = found && decoded(found.slice(1));
    if (segments) return { call, segments };
  }
  throw new GraphError(400, "BadRequest", "The local Graph has no such call.");
}

function decoded(segments: readonly string[]): string[] | undefined {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
