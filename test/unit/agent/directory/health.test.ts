import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import { domainHealth, worstOf } from "../../../../agent/directory/health.ts";
import { POLICY_HINTS } from "../../../../agent/directory/policyHints.ts";
import type { DirectoryPool } from "../../../../agent/directory/pool.ts";
import { heartbeat } from "../../../../protocol/heartbeat.ts";

const poolWith = (check: () => Promise<unknown>) => ({ check }) as unknown as DirectoryPool;

test("a domain is up where one of its domain controllers could be written to", async () => {
  const supportedControls = new Set([POLICY_HINTS]);
  expect(await domainHealth(poolWith(async () => ({ server: "dc1", supportedControls })))).toEqual({
    state: "up",
    server: "dc1",
    policyHints: true,
  });
});

test.each([
  [new DirectoryError("directoryNotWritable"), "directoryNotWritable"],
  [new DirectoryError("secretUnusable"), "secretUnusable"],
  [new Error("deadline passed"), "directoryUnreachable"],
])("it is down, and why: %s", async (error, code) => {
  const health = await domainHealth(poolWith(() => Promise.reject(error)));
  expect(health).toEqual({ state: "down", code });
});

test("the heartbeat tells the worst of all, in the members that every version knows", () => {
  const up = { state: "up", server: "dc1", policyHints: true } as const;
  const down = { state: "down", code: "secretUnusable" } as const;
  expect(worstOf([up])).toEqual(up);
  expect(worstOf([up, { ...up, server: "dc9", policyHints: false }])).toEqual({
    ...up,
    policyHints: false,
  });
  expect(worstOf([up, down])).toEqual({ state: "down" });
  for (const told of [worstOf([up]), worstOf([up, down])])
    expect(heartbeat.shape.directory.parse(told)).toEqual(told);
});
