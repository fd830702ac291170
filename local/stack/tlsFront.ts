import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { Leaf } from "../certificates.ts";

export interface TlsFrontOptions {
  /** Port to listen on, at 127.0.0.1. */
  readonly port: number;
  readonly certificate: Leaf;
  /** Port of 127.0.0.1 where what comes goes on in the clear. */
  readonly to: number;
}

/**
 * Speaks TLS for a host that speaks plain HTTP only: agents send their tokens over HTTPS alone.
 * While nobody listens behind it, connections end at once.
 */
export async function startTlsFront(options: TlsFrontOptions): Promise<{ stop(): Promise<void> }> {
  const { port, certificate, to } = options;
  const open = new Set<Socket>();
  const pair = {
    cert: readFileSync(certificate.certificateFile),
    key: readFileSync(certificate.keyFile),
  };
  const server = createServer(pair, (outside) => {
    const inside = connect(to, "127.0.0.1");
    const both = [outside, inside];
    for (const socket of both) {
      open.add(socket);
      // An error is told by the close that follows it.
      socket.on("error", () => {});
      socket.once("close", () => {
        open.delete(socket);
        for (const each of both) each.destroy();
      });
    }
    outside.pipe(inside).pipe(outside);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
