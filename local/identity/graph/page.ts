import type { JsonRequest } from "../../http/jsonServer.ts";
import { GRAPH } from "../resource.ts";

/** How long a page may be; tests make it shorter. */
export interface Paging {
  largest: number;
}

/** Entries where the call does not say how many it wants. */
const USUAL = 100;

/**
 * One page of a list with a link to the next, as Graph has it: absolute, and with a token in place
 * of a number.
 */
export function page(
  entries: readonly object[],
  context: string,
  { path, query, headers }: JsonRequest,
  { largest }: Paging,
): object {
  const size = Math.min(Number(query.get("$top") ?? USUAL), largest);
  const from = Number(Buffer.from(query.get("$skiptoken") ?? "", "base64url").toString() || 0);
  const end = from + size;
  const link = new URLSearchParams(query);
  link.set("$skiptoken", Buffer.from(String(end)).toString("base64url"));
  return {
    "@odata.context": `${GRAPH}/v1.0/$metadata#${context}`,
    ...(end < entries.length && {
      "@odata.nextLink": `https://${headers.host}${path}?${link}`,
    }),
    value: entries.slice(from, end),
  };
}
