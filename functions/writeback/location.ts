import type { ApiCall } from "../http/apiCall.ts";
import type { Operation } from "../records/operation.ts";

/** Where the caller of an operation can follow it; nowhere if it is about nobody (a probe). */
export function locationHeader(operation: Operation, { request }: ApiCall): Record<string, string> {
  const path = pathOf(operation);
  return path === undefined ? {} : { Location: new URL(path, request.url).href };
}

function pathOf({ id, origin, targetId }: Operation): string | undefined {
  if (origin === "self") return `/v1.0/me/operations/${id}`;
  if (origin === "portal") return `/v1.0/selfService/operations/${id}`;
  return targetId === "" ? undefined : `/v1.0/users/${targetId}/authentication/operations/${id}`;
}
