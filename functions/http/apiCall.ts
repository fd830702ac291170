import type { HttpRequest, HttpResponseInit } from "@azure/functions";
import type { Caller } from "../access/caller.ts";
import type { Guard } from "../access/guard.ts";
import type { Activity } from "../audit/activity.ts";
import type { Log } from "../log.ts";
import type { Parts } from "../parts.ts";
import type { CallIds } from "./callIds.ts";
import type { Trail } from "./trail.ts";

/** One call, after its guard let it pass. */
export interface ApiCall {
  readonly request: HttpRequest;
  readonly caller: Caller;
  readonly ids: CallIds;
  readonly log: Log;
  /** Name of the route. */
  readonly route: string;
  readonly guard: Guard;
  /** Milliseconds since 1970 at which the call arrived. */
  readonly arrivedAt: number;
  /** Where the call came from, as far as it is known. */
  readonly address: string | undefined;
  /** For the audit record. */
  readonly trail: Trail;
}

/** Carries out a call. Throws ApiError for everything the caller should be told. */
export type Handler = (call: ApiCall, parts: Parts) => Promise<HttpResponseInit>;

/** One row of the route table. */
export interface Route {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** Template without a leading slash; `{name}` stands for one segment. */
  readonly route: string;
  readonly guard: Guard;
  /** What the audit record of each call says that was done; absent for questions and heartbeats. */
  readonly activity?: Activity;
  readonly handler: Handler;
}
