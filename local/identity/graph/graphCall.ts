import type { JsonRequest } from "../../http/jsonServer.ts";
import type { People } from "../people.ts";
import type { DirectoryObjects } from "./directoryObjects.ts";
import type { Groups } from "./groups.ts";
import type { Paging } from "./page.ts";
import type { Roles } from "./roles.ts";

/** What a call of Graph is answered from. */
export interface Tenant {
  readonly people: People;
  readonly groups: Groups;
  readonly roles: Roles;
  readonly objects: DirectoryObjects;
  readonly paging: Paging;
}

/** An error as Graph tells it. */
export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** An answer other than 200 with a body. */
export class GraphReply {
  readonly status: number;
  readonly body: object | undefined;

  constructor(status: number, body?: object) {
    this.status = status;
    this.body = body;
  }
}

/** One call of Microsoft Graph v1.0 that the functions, or `infra/entra`, make. */
export interface GraphCall {
  readonly method: "GET" | "POST" | "PATCH";
  /** Of the path behind `/v1.0`; its groups are handed over decoded. */
  readonly path: RegExp;
  /** Application permissions of which the caller must have one. */
  readonly permissions: readonly string[];
  /**
   * The body of the answer 200, or another reply. `granted`: permissions of the caller.
   * @throws GraphError
   */
  readonly answer: (
    tenant: Tenant,
    segments: readonly string[],
    request: JsonRequest,
    granted: readonly unknown[],
  ) => object;
}
