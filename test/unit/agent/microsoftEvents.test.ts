import type { EventName } from "../../../agent/events.ts";
import { FLOWS, microsoftIds } from "../../../agent/microsoftEvents.ts";
import type { ErrorCode } from "../../../protocol/errors.ts";

test.each<[string, EventName | ErrorCode, Record<string, string>, number[]]>([
  ["a portal's reset begins", "accepted", { origin: "portal", operation: "reset" }, [31001]],
  ["a portal's unlock begins", "accepted", { origin: "portal", operation: "unlock" }, [31001]],
  ["somebody's change begins", "accepted", { origin: "self", operation: "change" }, [31006]],
  ["an administrator's reset begins", "accepted", { origin: "admin", operation: "reset" }, [31009]],
  ["it succeeds", "outcome", { origin: "admin", operation: "reset", status: "succeeded" }, [31010]],
  [
    "it fails, and why",
    "outcome",
    { origin: "self", operation: "change", status: "failed", code: "passwordPolicyViolation" },
    [31008, 33008],
  ],
  [
    "nobody knows how it ended",
    "outcome",
    { origin: "self", operation: "change", status: "unknown", code: "outcomeUnknown" },
    [],
  ],
  ["what Microsoft's product cannot do", "accepted", { origin: "admin", operation: "unlock" }, []],
  ["a question", "accepted", { origin: "portal", operation: "passwordRules" }, []],
  ["a name of Object's own", "accepted", { origin: "toString", operation: "constructor" }, []],
  ["the agent starts", "agentStarted", {}, [31015]],
  ["it does not listen", "notListening", {}, [31034]],
  ["a message that it cannot open", "envelopeMalformed", {}, [32004]],
  ["a code that Microsoft does not have", "requestExpired", {}, []],
])("%s", (_, name, fields, ids) => {
  expect(microsoftIds(name, fields)).toEqual(ids);
});

test("each flow has three ids of its own", () => {
  const flows = new Set(Object.values(FLOWS).flatMap((operations) => Object.values(operations)));
  const ids = [...flows].flatMap(({ start, success, fail }) => [start, success, fail]);
  expect(new Set(ids).size).toBe(9);
});
