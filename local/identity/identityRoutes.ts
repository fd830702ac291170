import type { JsonAnswer, JsonRequest } from "../http/jsonServer.ts";
import { discoveryDocument } from "./discovery.ts";
import type { Graph } from "./graph/graph.ts";
import type { Issuer } from "./issuer.ts";
import { answerManagedIdentity } from "./managedIdentity.ts";
import { TokenEndpoint } from "./tokenEndpoint.ts";

/** Successful answers so far; of Graph, all calls. */
export interface IdentityCounters {
  discovery: number;
  keys: number;
  clientTokens: number;
  managedIdentityTokens: number;
  graphCalls: number;
}

/** Which part answers which request. */
export class IdentityRoutes {
  readonly counters: IdentityCounters = {
    discovery: 0,
    keys: 0,
    clientTokens: 0,
    managedIdentityTokens: 0,
    graphCalls: 0,
  };
  private readonly issuer: Issuer;
  private readonly graph: Graph;
  private readonly tokens: TokenEndpoint;

  constructor(issuer: Issuer, graph: Graph) {
    this.issuer = issuer;
    this.graph = graph;
    this.tokens = new TokenEndpoint(issuer);
  }

  async handle(request: JsonRequest): Promise<JsonAnswer> {
    const { authority, tenantId, keys } = this.issuer.options;
    switch (`${request.method} ${request.path}`) {
      case `GET /${tenantId}/v2.0/.well-known/openid-configuration`: {
        const body = discoveryDocument(authority, tenantId, this.issuer.issuer("2.0"));
        return this.count({ status: 200, body }, "discovery");
      }
      case `GET /${tenantId}/discovery/v2.0/keys`:
        return this.count({ status: 200, body: keys.published() }, "keys");
      case `POST /${tenantId}/oauth2/v2.0/token`:
        return this.count(await this.tokens.handle(request), "clientTokens");
      default:
        if (!request.path.startsWith("/v1.0/")) return { status: 404 };
        this.counters.graphCalls += 1;
        return this.graph.handle(request);
    }
  }

  /** The endpoint of its own, over plain HTTP. */
  async handleManagedIdentity(request: JsonRequest, header: string): Promise<JsonAnswer> {
    const answer = await answerManagedIdentity(request, this.issuer, header);
    return this.count(answer, "managedIdentityTokens");
  }

  private count(answer: JsonAnswer, name: keyof IdentityCounters): JsonAnswer {
    if (answer.status === 200) this.counters[name] += 1;
    return answer;
  }
}
