import { type AgentEvent, EVENTS } from "../agent/events.ts";
import { FLOWS } from "../agent/microsoftEvents.ts";
import { markdownTable } from "./markdown.ts";

const INTRODUCTION = `## Events of the agent

What the agent logs beside the errors above. *Microsoft* is the id of the same event in the Application log of
Microsoft's own agent (source \`PasswordResetService\`); a log line carries such ids as \`microsoft\`. The record
\`accepted\` has the id of the flow's start, \`outcome\` that of its end and, where a directory refused, that of the
reason (33001 to 33009, in the table above).
`;

const EVENT_HEAD = ["Event", "Name", "Level", "Microsoft"];
const FLOW_HEAD = ["Started by", "Operation", "Start", "Success", "Failure"];

/** The agent's events and the ids that Microsoft's agent has for them. */
export function agentEvents(): string {
  const events = Object.entries<AgentEvent>(EVENTS).map(([name, { event, level, microsoft }]) => [
    ...[event, `\`${name}\``, level, microsoft ?? ""],
  ]);
  const flows = Object.entries(FLOWS).flatMap(([origin, operations]) =>
    Object.entries(operations).map(([operation, { start, success, fail }]) => [
      ...[origin, operation, start, success, fail],
    ]),
  );
  return `${INTRODUCTION}\n${markdownTable(EVENT_HEAD, events)}\n\n${markdownTable(FLOW_HEAD, flows)}\n`;
}
