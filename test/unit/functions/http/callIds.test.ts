import { callIds } from "../../../../functions/http/callIds.ts";

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const idsOf = (given?: string) =>
  callIds(new Headers(given === undefined ? {} : { "client-request-id": given }));

test("a call has an id of ours, new each time", () => {
  expect(idsOf().requestId).toMatch(UUID);
  expect(idsOf().requestId).not.toBe(idsOf().requestId);
});

test.each([
  "9c1c3e1e-3c0f-4f5e-8a7b-0d4c5b6a7e8f",
  "a".repeat(8),
  "trace:1_2.3-4",
  "b".repeat(128),
])("the client's id %s is kept", (given) => {
  expect(idsOf(given)).toMatchObject({ clientRequestId: given, chosenByClient: true });
});

test.each([
  undefined,
  "",
  "short",
  "c".repeat(129),
  "with space 1",
  "<script>1",
  "a,b,c,d,e",
  "ключ-1234",
])("the client's id %p is replaced by ours", (given) => {
  const headers = { get: () => given ?? null };
  const ids = callIds(headers);
  expect(ids).toMatchObject({ clientRequestId: ids.requestId, chosenByClient: false });
});
