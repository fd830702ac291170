import { EVENTS } from "../../../agent/events.ts";
import { jsonLog } from "../../../agent/log.ts";
import { ERRORS } from "../../../protocol/errors.ts";

test("one line of JSON, with the event's id", () => {
  const lines: string[] = [];
  const log = jsonLog(
    (line) => lines.push(line),
    () => new Date(0),
  );
  const reset = { operation: "reset", origin: "admin" };
  log("outcome", { trackingId: "t", ...reset, status: "failed", code: "accountLocked" });
  log("envelopeMalformed", { messageId: "two\nlines" });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      time: "1970-01-01T00:00:00.000Z",
      level: "information",
      event: 41202,
      name: "outcome",
      microsoft: [31011, 33006],
      trackingId: "t",
      ...reset,
      status: "failed",
      code: "accountLocked",
    },
    {
      time: "1970-01-01T00:00:00.000Z",
      level: "warning",
      event: 40401,
      name: "envelopeMalformed",
      microsoft: [32004],
      messageId: "two\nlines",
    },
  ]);
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
});

test("no event has the id of another one or of an error", () => {
  const ids = [...Object.values(EVENTS), ...Object.values(ERRORS)].map(({ event }) => event);
  expect(new Set(ids).size).toBe(ids.length);
});
