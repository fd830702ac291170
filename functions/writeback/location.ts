import type { ApiCall } from "../http/apiCall.ts";
import type { Operation } from "../records/operation.ts";

/** Where the caller of an operation can follow it. */
export function locationOf({ id, origin, targetId }: Operation, { request }: ApiCall): string {
  const paths: Partial<Record<Operation["origin"], string>> = {
    self: `/v1.0/me/operations/${id}`,
    portal: `/v1.0/selfService/operations/${id}`,
  };
  const path = paths[origin] ?? `/v1.0/users/${targetId}/authentication/operations/${id}`;
  return new URL(path, request.url).href;
}
