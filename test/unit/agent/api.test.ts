import { ApiFailure, apiClient } from "../../../agent/api.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("a call fails after 10 s, though it is the token that hangs", async () => {
  const settings = { url: "https://writeback.contoso.example", scope: "api://writeback/.default" };
  const post = apiClient(settings, { getToken: () => new Promise(() => {}) });
  const failed = expect(post("/v1.0/agents/agent-1/heartbeat", {})).rejects.toThrow(ApiFailure);
  await jest.advanceTimersByTimeAsync(10_000);
  await failed;
});
