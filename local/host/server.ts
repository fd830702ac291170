import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { serve } from "../../functions/http/serve.ts";
import type { Log } from "../../functions/log.ts";
import type { Parts } from "../../functions/parts.ts";
import { routes } from "../../functions/routes.ts";
import { HttpRequest } from "./azureFunctions.ts";
import { HOST_BODY_BYTES } from "./bodyLimit.ts";
import { matcher } from "./match.ts";
import { joinedQuery } from "./query.ts";

const match = matcher(routes);

/**
 * Serves the route table with the rules of the Functions host that
 * callers can notice: order of routes, 404 for a wrong method, an empty body where the client
 * sent it in chunks, one value for a repeated query key, the headers of host.json, the client's
 * address in `X-Forwarded-For`.
 */
export function hostListener(
  parts: Parts,
  log: Log,
  customHeaders: Readonly<Record<string, string>>,
): RequestListener {
  return (incoming, outgoing) => {
    handle(incoming, outgoing, parts, log, customHeaders).catch(() => {
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  };
}

async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: Parts,
  log: Log,
  customHeaders: Readonly<Record<string, string>>,
): Promise<void> {
  const scheme = "encrypted" in incoming.socket ? "https" : "http";
  const url = new URL(incoming.url ?? "/", `${scheme}://${incoming.headers.host ?? "localhost"}`);
  const found = match(incoming.method ?? "", url.pathname);
  const body = await readBytes(incoming);
  for (const [name, value] of Object.entries(customHeaders)) outgoing.setHeader(name, value);
  if (!found || body === undefined) {
    outgoing.writeHead(found ? 413 : 404).end();
    return;
  }
  const request = new HttpRequest({
    method: found.route.method,
    url: url.href,
    params: found.params,
    query: joinedQuery(url.searchParams),
    headers: headersOf(incoming),
    ...(body.byteLength > 0 ? { body: { bytes: body } } : {}),
  });
  const answer = await serve(found.route, request, parts, log);
  const text = answer.jsonBody === undefined ? undefined : JSON.stringify(answer.jsonBody);
  outgoing.writeHead(answer.status ?? 200, {
    ...(text === undefined ? {} : { "Content-Type": "application/json" }),
    ...(answer.headers as Record<string, string>),
  });
  outgoing.end(text);
}

/**
 * A header that was sent twice stays so, joined by a comma, as the Functions host hands it over.
 */
function headersOf({ headers, headersDistinct, socket }: IncomingMessage): Record<string, string> {
  const forwarded = [headers["x-forwarded-for"] ?? [], `${socket.remoteAddress}:0`].flat();
  return {
    ...Object.fromEntries(
      Object.entries(headersDistinct).map(([name, values]) => [name, values?.join(", ") ?? ""]),
    ),
    "x-forwarded-for": forwarded.join(", "),
  };
}

/** Undefined where there is more than the host reads. */
async function readBytes(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= HOST_BODY_BYTES) chunks.push(chunk);
  }
  if (length > HOST_BODY_BYTES) return undefined;
  return incoming.headers["content-length"] === undefined ? Buffer.alloc(0) : Buffer.concat(chunks);
}
