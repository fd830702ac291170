import {
  createEmptyPipeline,
  createHttpHeaders,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import { openCalls } from "../../../workstation/calls.ts";
import { CommandError } from "../../../workstation/commandError.ts";

const URL = "https://api.contoso.example/v1.0/things";
const credential = {
  getToken: async () => ({ token: "t0ken", expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** Calls whose answer is the text, or an error. */
function callsAnswered(text: () => string, as: { getToken: () => Promise<never> } | undefined) {
  const sent: PipelineRequest[] = [];
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(
    {
      name: "answer",
      sendRequest: async (request) => {
        sent.push(request);
        return { request, status: 418, headers: createHttpHeaders(), bodyAsText: text() };
      },
    },
    { afterPhase: "Sign" },
  );
  const options = { scopes: "things/.default", milliseconds: 5_000, pipeline };
  return { sent, call: openCalls({ ...options, credential: as ?? credential }) };
}

test("a call has its token and its body, and its answer is read whatever the status", async () => {
  const { sent, call } = callsAnswered(() => '{"kettle":true}', undefined);
  const body = { cups: 2 };
  expect(await call({ method: "PUT", url: URL, body, headers: { prefer: "tea" } })).toEqual({
    status: 418,
    body: { kettle: true },
  });
  expect(sent[0]).toMatchObject({ method: "PUT", url: URL, body: '{"cups":2}' });
  expect(sent[0]?.headers.toJSON()).toEqual({
    authorization: "Bearer t0ken",
    "content-type": "application/json",
    prefer: "tea",
  });
});

test("an answer that is no JSON has no body, and a call without a body says nothing of one", async () => {
  const { sent, call } = callsAnswered(() => "<html>", undefined);
  expect(await call({ method: "GET", url: URL })).toEqual({ status: 418, body: undefined });
  expect(sent[0]?.headers.toJSON()).toEqual({ authorization: "Bearer t0ken" });
});

test("no answer is none, and who is not signed in is told so", async () => {
  const lost = callsAnswered(() => {
    throw new Error("ECONNRESET");
  }, undefined);
  expect(await lost.call({ method: "GET", url: URL })).toBeUndefined();
  const nobody = callsAnswered(() => "{}", {
    getToken: () => Promise.reject(new CommandError("sign in")),
  });
  await expect(nobody.call({ method: "GET", url: URL })).rejects.toThrow("sign in");
  expect(nobody.sent).toEqual([]);
});
