import { auditQuery } from "../audit/auditQuery.ts";
import { directoryAudit } from "../audit/directoryAudit.ts";
import { readAudit } from "../audit/readAudit.ts";
import { skipToken } from "../audit/skipToken.ts";
import type { Handler } from "../http/apiCall.ts";

/** Milliseconds by which clocks of instances may differ: the newest record is not left out. */
const AHEAD_MS = 60_000;

/**
 * `GET /v1.0/auditLogs/directoryAudits`: who did what to whom, the newest first, in Microsoft
 * Graph's shape. A page may be empty and still have a next one.
 */
export const directoryAudits: Handler = async ({ request, arrivedAt, ids, log }, parts) => {
  const url = new URL(request.url);
  const asked = auditQuery(url.searchParams, 0, arrivedAt + AHEAD_MS);
  // The list stays the same one from page to page, also where its end was not given.
  url.searchParams.set("from", new Date(asked.filter.from).toISOString());
  url.searchParams.set("to", new Date(asked.filter.to).toISOString());
  const { records, unreadable, next } = await readAudit(asked, parts.auditRecords, parts.now);
  if (unreadable > 0) log.error("auditUnreadable", { requestId: ids.requestId, rows: unreadable });
  if (next !== undefined) url.searchParams.set("$skiptoken", skipToken(next, asked.filter));
  return {
    status: 200,
    headers: { "Cache-Control": "no-store" },
    jsonBody: {
      "@odata.context": new URL("/v1.0/$metadata#auditLogs/directoryAudits", url).href,
      value: records.map(directoryAudit),
      ...(next !== undefined && { "@odata.nextLink": url.href }),
    },
  };
};
