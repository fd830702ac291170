import { GUARDS } from "../../../../functions/access/guard.ts";
import type { ApiCall } from "../../../../functions/http/apiCall.ts";
import { callIds } from "../../../../functions/http/callIds.ts";
import { Trail } from "../../../../functions/http/trail.ts";
import type { Operation } from "../../../../functions/records/operation.ts";
import { HttpRequest } from "../../../../local/host/azureFunctions.ts";

export const AT = 1_800_000_000_000;
export const USER = "5a3f1c00-0000-4000-8000-000000000011";
export const OPERATION_ID = "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3d";

/** A call with these headers, as it is after its guard. */
export function callWith(headers: Record<string, string> = {}): ApiCall {
  const request = new HttpRequest({
    method: "POST",
    url: "https://api.contoso.example/v1.0/me/changePassword?x=1",
    headers,
  });
  return {
    request,
    caller: { kind: "user", id: USER, application: "tool", scopes: [], roles: [] },
    ids: callIds(request.headers),
    log: { info: () => {}, error: () => {} },
    route: "changeOwnPassword",
    guard: GUARDS.user,
    arrivedAt: AT,
    address: undefined,
    trail: new Trail(),
  };
}

export const operationWith = (changes: Partial<Operation> = {}): Operation => ({
  id: OPERATION_ID,
  operation: "change",
  origin: "self",
  callerId: USER,
  targetId: USER,
  connector: "corp",
  trackingId: "11111111-2222-4333-8444-555555555555",
  status: "running",
  createdAt: AT,
  lastActionAt: AT,
  deadline: AT + 9_000,
  ...changes,
});
