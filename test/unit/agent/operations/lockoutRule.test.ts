import { lockoutRule } from "../../../../agent/operations/lockoutRule.ts";
import { directoryEvidence } from "../../../../protocol/outcome.ts";

const MINUTE = 600_000_000n;

test("threshold and window, in whole seconds and never shorter", () => {
  expect(lockoutRule({ lockoutThreshold: 5, lockoutWindow: 30n * MINUTE })).toEqual({
    lockoutThreshold: 5,
    lockoutWindowSeconds: 1_800,
  });
  expect(lockoutRule({ lockoutThreshold: 0, lockoutWindow: 1n })).toEqual({
    lockoutThreshold: 0,
    lockoutWindowSeconds: 1,
  });
});

test("what could not be read is left out", () => {
  expect(lockoutRule({ lockoutThreshold: undefined, lockoutWindow: undefined })).toEqual({});
});

test("a window without an end can still be sent", () => {
  const rule = lockoutRule({ lockoutThreshold: 3, lockoutWindow: 1n << 63n });
  expect(directoryEvidence.parse({ server: "dc1.corp.example", ...rule })).toEqual({
    server: "dc1.corp.example",
    lockoutThreshold: 3,
    lockoutWindowSeconds: 8_640_000,
  });
});

test("what a broken agent tells of it is unknown, and costs nothing else", () => {
  const told = { server: "dc1.corp.example", lockoutThreshold: -1, lockoutWindowSeconds: "long" };
  expect(directoryEvidence.parse(told)).toEqual({ server: "dc1.corp.example" });
});
