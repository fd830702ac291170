import { addressBlock } from "../../../../functions/throttle/addressBlock.ts";
import { Rates } from "../../../../functions/throttle/rates.ts";
import { TokenBuckets } from "../../../../functions/throttle/tokenBuckets.ts";
import { callWith } from "../writeback/call.ts";

const passes = (what: () => unknown): boolean => {
  try {
    what();
    return true;
  } catch {
    return false;
  }
};
const from = (id: string, address?: string) => ({
  ...callWith(),
  caller: { ...callWith().caller, id },
  address,
});

test("so many at once, then as they grow back", () => {
  let now = 0;
  const buckets = new TokenBuckets(30, () => now);
  expect(
    Array.from({ length: 40 }, () => buckets.take("a")).filter((wait) => wait === 0),
  ).toHaveLength(30);
  expect(buckets.take("a")).toBe(2_000);
  now += 2_000;
  expect([buckets.take("a"), buckets.take("a")]).toEqual([0, 2_000]);
  expect(buckets.take("b")).toBe(0);
  now += 3_600_000;
  expect(
    Array.from({ length: 40 }, () => buckets.take("a")).filter((wait) => wait === 0),
  ).toHaveLength(30);
});

test("a clock that is put back gives nothing away", () => {
  let now = 1_000_000;
  const buckets = new TokenBuckets(1, () => now);
  expect(buckets.take("a")).toBe(0);
  now = 0;
  expect(buckets.take("a")).toBe(60_000);
});

test("of too many names the one that was seen the longest ago is forgotten", () => {
  const buckets = new TokenBuckets(1, () => 0, 3);
  for (const name of ["a", "b", "c", "d"]) expect(buckets.take(name)).toBe(0);
  expect(buckets.size).toBe(3);
  expect([buckets.take("d"), buckets.take("a")]).toEqual([60_000, 0]);
  for (let name = 0; name < 1_000; name += 1) buckets.take(String(name));
  expect(buckets.size).toBe(3);
});

test("0 is no limit", () => {
  const buckets = new TokenBuckets(0, () => 0);
  for (let call = 0; call < 1_000; call += 1) expect(buckets.take("a")).toBe(0);
  expect(buckets.size).toBe(0);
});

test("people are limited, and addresses; portals and administrators are not", () => {
  const rates = new Rates({ requester: 2, address: 3 }, () => 0);
  for (const origin of ["portal", "admin", "automation", "operator"] as const)
    for (let call = 0; call < 9; call += 1) rates.take(from("p", "192.0.2.1"), origin);
  expect(passes(() => rates.take(from("a", "192.0.2.1"), "self"))).toBe(true);
  expect(passes(() => rates.take(from("a", "192.0.2.1"), "self"))).toBe(true);
  expect(() => rates.take(from("a", "192.0.2.1"), "self")).toThrow(
    expect.objectContaining({ code: "tooManyRequests", headers: { "Retry-After": "30" } }),
  );
  expect(passes(() => rates.take(from("b", "192.0.2.1"), "self"))).toBe(true);
  expect(() => rates.take(from("b", "192.0.2.1"), "self")).toThrow(
    expect.objectContaining({ headers: { "Retry-After": "20" } }),
  );
  expect(passes(() => rates.take(from("c", "192.0.2.2"), "self"))).toBe(true);
  expect(passes(() => rates.take(from("d"), "self"))).toBe(true);
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["2001:db8:0:12::1", "2001:db8:0:12"],
  ["2001:DB8::12:0:0:0:9", "2001:db8:0:12"],
  ["2001:0db8:0000:0012:ffff:1:2:3", "2001:db8:0:12"],
  ["fe80::1", "fe80:0:0:0"],
  ["::1", "0:0:0:0"],
  ["2001:db8::", "2001:db8:0:0"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
])("%s is counted as %s", (address, block) => {
  expect(addressBlock(address)).toBe(block);
});
