import { GUARDS } from "../../../../functions/access/guard.ts";
import type { Handler } from "../../../../functions/http/apiCall.ts";
import { ApiError } from "../../../../functions/http/apiError.ts";
import { serve } from "../../../../functions/http/serve.ts";
import type { LogFields } from "../../../../functions/log.ts";
import { HttpRequest } from "../../../../local/host/azureFunctions.ts";
import { partsWith } from "../partsWith.ts";

const CANARY = "Canary-41";

async function answerOf(handler: Handler, guard: keyof typeof GUARDS = "anyone") {
  const records: { level: string; event: string; fields: LogFields }[] = [];
  const write = (level: string) => (event: string, fields: LogFields) =>
    void records.push({ level, event, fields });
  const answer = await serve(
    { name: "test", method: "POST", route: "v1.0/test", guard: GUARDS[guard], handler },
    new HttpRequest({
      method: "POST",
      url: "http://127.0.0.1/v1.0/test",
      headers: { "client-request-id": "client-0001", authorization: "Bearer x" },
    }),
    partsWith({
      now: () => Date.UTC(2027, 0, 15, 8),
      access: {
        allowedClients: new Set(["a"]),
        acceptGraphPermissions: false,
        portalMayUseSecret: false,
        stepUp: { routes: {}, challenge: "Bearer" },
      },
      verifyToken: async () => ({ kind: "user", id: "u", application: "a", scopes: [], roles: [] }),
    }),
    { info: write("info"), error: write("error") },
  );
  return { answer, records };
}

test("both ids stand on every answer", async () => {
  const { answer } = await answerOf(async () => ({ status: 204, headers: { "X-Own": "1" } }));
  expect(answer).toMatchObject({
    status: 204,
    headers: { "X-Own": "1", "client-request-id": "client-0001" },
  });
  expect((answer.headers as Record<string, string>)["request-id"]).toHaveLength(36);
});

test("an error is Graph's envelope, with our code inside", async () => {
  const { answer, records } = await answerOf(async () => {
    throw new ApiError("noLiveAgent");
  });
  const headers = answer.headers as Record<string, string>;
  expect(headers["Retry-After"]).toBe("30");
  expect(answer.status).toBe(503);
  expect(answer.jsonBody).toEqual({
    error: {
      code: "serviceNotAvailable",
      message: "The service cannot reach your organization's directory. Try again later.",
      innerError: {
        code: "noLiveAgent",
        date: "2027-01-15T08:00:00.000Z",
        "request-id": headers["request-id"],
        "client-request-id": "client-0001",
      },
    },
  });
  expect(records).toMatchObject([
    { level: "error", event: "callRefused", fields: { code: "noLiveAgent", eventId: 40201 } },
  ]);
});

test("what nobody expected is a 500 that quotes nothing, in the answer or in the log", async () => {
  const { answer, records } = await answerOf(async () => {
    throw new TypeError(`cannot read ${CANARY}`);
  });
  expect(answer.status).toBe(500);
  expect(answer.jsonBody).toMatchObject({ error: { innerError: { code: "internalError" } } });
  expect(JSON.stringify([answer, records])).not.toContain(CANARY);
  expect(records[0]?.fields).toMatchObject({ cause: "TypeError" });
  expect(String(records[0]?.fields.place)).toContain("serve.test.ts");
});

test("a guard that does not pass keeps its handler from running", async () => {
  const handler = jest.fn<ReturnType<Handler>, Parameters<Handler>>();
  const { answer } = await answerOf(handler, "operator");
  expect(answer.status).toBe(403);
  expect(handler).not.toHaveBeenCalled();
});
