import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { LocalCertificates } from "../certificates.ts";

/** A request as the local REST stand-ins see it. */
export interface JsonRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `body` is sent as JSON; without it the answer is empty. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface JsonServerOptions {
  readonly handle: (request: JsonRequest) => Promise<JsonAnswer>;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Name and PEM of the server; without it the server speaks plain HTTP. */
  readonly tls?: { readonly certificates: LocalCertificates; readonly name: string };
}

export interface JsonServer {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string;
  /** Ends open connections too. */
  readonly stop: () => Promise<void>;
}

const HOST = "127.0.0.1";
const LARGEST_BODY = 65_536;

async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks).toString("utf8") : undefined;
}

async function answerTo(
  message: IncomingMessage,
  handle: JsonServerOptions["handle"],
): Promise<JsonAnswer> {
  const body = await readBody(message);
  if (body === undefined) return { status: 413 };
  const url = new URL(message.url ?? "/", `http://${HOST}`);
  return handle({
    method: message.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body,
  });
}

/**
 * Serves JSON on loopback. A handler that throws is answered 500 without its text.
 * @throws the listen error, such as `EADDRINUSE` for a port that is taken.
 */
export async function serveJson(options: JsonServerOptions): Promise<JsonServer> {
  const { handle, port = 0, tls } = options;
  const leaf = await tls?.certificates.leaf(tls.name, [HOST, "localhost"]);
  const server = leaf
    ? createSecureServer({ cert: leaf.certificate, key: leaf.key })
    : createServer();
  server.on("request", async (message: IncomingMessage, response) => {
    const answer = await answerTo(message, handle).catch(() => ({ status: 500 }) as JsonAnswer);
    const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      ...(text && { "content-type": "application/json; charset=utf-8" }),
      "cache-control": "no-store",
      ...answer.headers,
    });
    response.end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `${leaf ? "https" : "http"}://${HOST}:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
