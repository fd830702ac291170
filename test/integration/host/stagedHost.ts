import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { HOST_BODY_BYTES } from "../../../local/host/bodyLimit.ts";
import { matcher } from "../../../local/host/match.ts";
import { joinedQuery } from "../../../local/host/query.ts";
import type { StagedApp } from "./stagedApp.ts";

export interface StagedHost {
  stop(): Promise<void>;
}

/**
 * Serves a staged app over HTTP as the Functions host would: it knows of the app what the app told
 * the worker, and of itself what host.json says.
 */
export async function startStagedHost(
  app: StagedApp,
  folder: string,
  port: number,
): Promise<StagedHost> {
  const { http } = JSON.parse(readFileSync(join(folder, "host.json"), "utf8")).extensions;
  const match = matcher(httpTriggers(app, http.routePrefix));

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries<string>(http.customHeaders))
      outgoing.setHeader(name, value);
    const url = new URL(incoming.url ?? "/", `http://127.0.0.1:${port}`);
    const found = match(incoming.method ?? "", url.pathname);
    const body = await readText(incoming);
    if (!found || body === undefined) {
      outgoing.writeHead(found ? 413 : 404).end();
      return;
    }
    const { status, headers, text } = await app.call(found.route.name, {
      method: found.route.method,
      path: `${url.pathname}${url.search}`.slice(1),
      params: found.params,
      query: joinedQuery(url.searchParams),
      headers: headersOf(incoming),
      ...(body !== "" && { body }),
    });
    outgoing.writeHead(status, headers).end(text);
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.writeHead(500).end());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const httpTriggers = ({ told }: StagedApp, prefix: string) =>
  told.registered.flatMap(({ name, bindings }) =>
    Object.values(bindings).flatMap(({ type, route, methods }) =>
      type === "httpTrigger"
        ? [methods].flat().map((method) => ({
            name,
            method: String(method),
            route: [prefix, String(route)].filter(Boolean).join("/"),
          }))
        : [],
    ),
  );

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Empty where the caller sent it in chunks; undefined where it is more than the host takes. */
async function readText(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (body.length > HOST_BODY_BYTES) return undefined;
  return incoming.headers["content-length"] === undefined ? "" : body.toString();
}
