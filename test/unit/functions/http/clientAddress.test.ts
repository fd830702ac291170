import { clientAddress } from "../../../../functions/http/clientAddress.ts";

const addressIn = (value?: string) =>
  clientAddress(new Headers(value === undefined ? {} : { "x-forwarded-for": value }));

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["203.0.113.7:50123", "203.0.113.7"],
  ["[2001:db8::1]:50123", "2001:db8::1"],
  ["2001:db8::1", "2001:db8::1"],
  ["::ffff:203.0.113.7", "::ffff:203.0.113.7"],
])("%s is %s", (value, address) => {
  expect(addressIn(value)).toBe(address);
});

test("what the client wrote itself stands before and does not count", () => {
  expect(addressIn("198.51.100.1, 203.0.113.7:1")).toBe("203.0.113.7");
});

test.each([
  ...[undefined, "", "unknown", "<script>", "203.0.113.7 evil", "a:b:c:d\r\nx"],
  ...["1.2.3", "999.1.1.1", "::::", "[203.0.113.7", "[]:1", "fe80::1%<script>", "1.1.1.1:x"],
])("%p is no address", (value) => {
  const headers = { get: () => value ?? null };
  expect(clientAddress(headers)).toBeUndefined();
});

test("a header of nothing but colons costs no time", () => {
  // Read by going back and forth in it, this takes hours.
  const headers = { get: () => `${":".repeat(16_000)}x` };
  expect(clientAddress(headers)).toBeUndefined();
  expect(clientAddress({ get: () => "1".repeat(100_000) })).toBeUndefined();
});
