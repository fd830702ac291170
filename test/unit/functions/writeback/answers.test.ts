import { ApiError } from "../../../../functions/http/apiError.ts";
import {
  acceptedAnswer,
  noContentAnswer,
  outcomeAnswer,
} from "../../../../functions/writeback/answers.ts";
import { ERRORS } from "../../../../protocol/errors.ts";
import { callWith, OPERATION_ID, operationWith, USER } from "./call.ts";

const BASE = "https://api.contoso.example/v1.0";
const result = (changes: Parameters<typeof operationWith>[0], replayed = false) => ({
  operation: operationWith(changes),
  replayed,
});
const errorOf = (answer: () => unknown): ApiError => {
  try {
    answer();
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error("no ApiError");
};

test("success is 200 with the outcome, 204 with nothing, or 202 with a place to look", () => {
  const done = result({ status: "succeeded", detail: { wasLocked: true } });
  expect(outcomeAnswer(done, callWith())).toEqual({
    status: 200,
    headers: {},
    jsonBody: { id: OPERATION_ID, status: "succeeded", wasLocked: true },
  });
  expect(noContentAnswer(done, callWith())).toEqual({ status: 204, headers: {} });
  expect(acceptedAnswer(done, callWith())).toMatchObject({
    status: 202,
    headers: { Location: `${BASE}/me/operations/${OPERATION_ID}` },
  });
});

test.each([
  ["self", "/me/operations/"],
  ["portal", "/selfService/operations/"],
  ["admin", `/users/${USER}/authentication/operations/`],
] as const)("unknown of %s is 500 with the place of its own route", (origin, path) => {
  const error = errorOf(() => outcomeAnswer(result({ origin }), callWith()));
  expect(error).toMatchObject({
    code: "outcomeUnknown",
    status: 500,
    headers: { Location: `${BASE}${path}${OPERATION_ID}` },
  });
});

test("a probe is about nobody, so there is no place to look", () => {
  const probe = { operation: "probe", origin: "operator", targetId: "" } as const;
  expect(errorOf(() => outcomeAnswer(result(probe), callWith())).headers).toEqual({});
});

test("unknown on the admin route is 202: the operation says running", () => {
  expect(acceptedAnswer(result({ origin: "admin" }), callWith()).status).toBe(202);
});

test("a definite refusal is its own error on every kind of route", () => {
  const failed = result({ status: "failed", code: "accountLocked" });
  for (const answer of [outcomeAnswer, noContentAnswer, acceptedAnswer])
    expect(errorOf(() => answer(failed, callWith()))).toMatchObject({
      code: "accountLocked",
      status: 423,
    });
});

test("a repeat says so, however it ended", () => {
  const header = { "Idempotency-Replayed": "true" };
  const call = callWith();
  expect(outcomeAnswer(result({ status: "succeeded" }, true), call).headers).toEqual(header);
  expect(noContentAnswer(result({ status: "succeeded" }, true), call).headers).toEqual(header);
  expect(acceptedAnswer(result({}, true), call).headers).toMatchObject(header);
  const failed = result({ status: "failed", code: "superseded" }, true);
  expect(errorOf(() => outcomeAnswer(failed, call)).headers).toEqual(header);
  expect(errorOf(() => outcomeAnswer(result({}, true), call)).headers).toMatchObject(header);
});

test("no failure of an agent reads as something that Microsoft's client sends again", () => {
  const fromAgents = Object.entries(ERRORS).filter(([, { event }]) => event > 40_300);
  for (const [code] of fromAgents) {
    const { status } = errorOf(() => outcomeAnswer(result({ status: "failed", code }), callWith()));
    expect([429, 503, 504]).not.toContain(status);
  }
});
