import type { ErrorRow } from "../protocol/errors.ts";
import { TEXTS } from "../protocol/texts.ts";
import { agentEvents } from "./agentEventsPage.ts";
import type { Meaning } from "./errorMeanings.ts";
import { markdownTable } from "./markdown.ts";

const INTRODUCTION = `# Errors

Every error answer has Microsoft Graph's envelope. \`error.innerError.code\` is one of the codes below and is
never renamed; \`error.message\` is the sentence for the person. *Who* can do something about it, *Again* is
whether the same request may succeed later by itself, *Event* is the id in logs, *Microsoft* the id that
Microsoft's product logs for the same cause, and after it the code that its self-service page shows.

This page is written by \`npm run docs\` from \`protocol/errors.ts\`, \`scripts/errorMeanings.ts\` and
\`agent/events.ts\`.
`;

const HEAD = [
  ...["Code", "Who", "HTTP", "Again", "What it means", "What to do", "The person reads"],
  ...["Event", "Microsoft"],
];

/** The page of all errors, a row per code, and of the agent's events. */
export function errorsPage(
  errors: Readonly<Record<string, ErrorRow>>,
  meanings: Readonly<Record<string, Meaning>>,
): string {
  const rows = Object.entries(errors).map(([code, row]) => [
    `\`${code}\``,
    row.audience,
    row.status,
    row.retry ? "yes" : "no",
    meanings[code]?.means ?? "",
    meanings[code]?.action ?? "",
    TEXTS[row.text],
    row.event,
    [row.microsoft, row.sspr].filter((id) => id !== undefined).join(", "),
  ]);
  return `${INTRODUCTION}\n${markdownTable(HEAD, rows)}\n\n${agentEvents()}`;
}
