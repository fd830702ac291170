import { type Operation, reportedStatus } from "../../../../functions/records/operation.ts";

const CREATED = 1_800_000_000_000;
const MINUTES = 60_000;
const operation = (status: Operation["status"]): Operation => ({
  id: "5a3f1c00-0000-4000-8000-000000000001",
  operation: "reset",
  origin: "portal",
  callerId: "portal",
  targetId: "person",
  connector: "corp",
  trackingId: "tracking",
  status,
  createdAt: CREATED,
  lastActionAt: CREATED,
  deadline: CREATED + 9_000,
});

test.each([
  ["running", 0, "running"],
  ["running", 15 * MINUTES, "running"],
  ["running", 15 * MINUTES + 1, "unknown"],
  ["succeeded", 16 * MINUTES, "succeeded"],
  ["failed", 16 * MINUTES, "failed"],
] as const)("%s after %i ms reads %s", (status, after, reported) => {
  expect(reportedStatus(operation(status), CREATED + after)).toBe(reported);
});
