import fc from "fast-check";
import { z } from "zod";
import type { Outcome } from "../../../protocol/outcome.ts";
import { outcomeFor } from "../../../protocol/outcomeFor.ts";
import { READS } from "../../../protocol/reads.ts";

/** What functions of the first version read, to the letter; it never changes. */
const first = z.strictObject({
  version: z.literal(1),
  request: z.uuid(),
  agent: z.string().max(64),
  status: z.enum(["succeeded", "failed", "unknown"]),
  code: z.string().max(64).optional(),
  detail: z
    .strictObject({
      mustChangeApplied: z.boolean().optional(),
      wasLocked: z.boolean().optional(),
    })
    .optional(),
  directory: z
    .strictObject({
      server: z.string().max(255),
      resultCode: z.number().int().optional(),
      win32: z
        .string()
        .regex(/^[0-9A-F]{8}$/)
        .optional(),
      missingRight: z.string().max(64).optional(),
      policyEnforced: z.boolean().optional(),
    })
    .optional(),
});

/** An outcome that says all that can be said. */
const full: Outcome = {
  version: 1,
  request: "3f0c6c1e-8a42-4b5e-9d57-0f7a1f1b2c3e",
  agent: "agent-1",
  status: "failed",
  code: "passwordPolicyViolation",
  detail: {
    mustChangeApplied: true,
    mustChangeUnasked: true,
    accountDisabled: true,
    accountExpired: true,
    wasLocked: false,
    violations: [{ code: "tooShort", minimum: 8 }],
    rules: { minimumLength: 8 },
  },
  directory: {
    server: "dc1.corp.example",
    keyVersionBefore: 3,
    keyVersionAfter: 3,
    resultCode: 53,
    win32: "0000052D",
    missingRight: "Reset Password",
    policyEnforced: true,
    resent: true,
    compareAndSet: true,
    lockoutThreshold: 5,
    lockoutWindowSeconds: 1_800,
  },
};

test("a reader of the first version is told what it knows, and nothing else", () => {
  const told = outcomeFor(1, full);
  expect(first.parse(told)).toEqual(told);
  expect(told).toEqual({
    ...full,
    detail: { mustChangeApplied: true, wasLocked: false },
    directory: {
      server: "dc1.corp.example",
      resultCode: 53,
      win32: "0000052D",
      missingRight: "Reset Password",
      policyEnforced: true,
    },
  });
});

test.each([READS, READS + 1])("a reader that says %i is told everything", (reads) => {
  expect(outcomeFor(reads, full)).toEqual(full);
});

test("whatever an outcome holds or lacks, the first version can read it", () => {
  const some = <T extends object>(whole: T) =>
    fc.subarray(Object.keys(whole)).map((names) => {
      const { server } = full.directory ?? {};
      const chosen = Object.entries(whole).filter(([name]) => names.includes(name));
      return { ...("server" in whole && { server }), ...Object.fromEntries(chosen) };
    });
  const outcomes = fc.record({
    status: fc.constantFrom("succeeded", "failed", "unknown"),
    code: fc.option(fc.string({ maxLength: 64 }), { nil: undefined }),
    detail: fc.option(some(full.detail ?? {}), { nil: undefined }),
    directory: fc.option(some(full.directory ?? {}), { nil: undefined }),
  });
  fc.assert(
    fc.property(outcomes, (chosen) => {
      const told = outcomeFor(1, { ...full, ...chosen } as Outcome);
      expect(first.safeParse(JSON.parse(JSON.stringify(told))).success).toBe(true);
      expect(told).toMatchObject({ status: chosen.status, code: chosen.code });
    }),
  );
});
