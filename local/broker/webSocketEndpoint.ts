import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

const PATH = "/$servicebus/websocket";
const SUB_PROTOCOL = "AMQPWSB10";
const HOST = "127.0.0.1";

export interface WebSocketEndpointOptions {
  /** PEM texts. */
  readonly certificate: { readonly certificate: string; readonly key: string };
  /** 0: a free one. */
  readonly port: number;
  /** Asked for each TCP connection; true cuts it at once. */
  readonly refuse: () => boolean;
  readonly onSocket: (socket: WebSocket) => void;
}

/** Where clients connect: WebSockets over TLS on the loopback address, and nothing else. */
export interface WebSocketEndpoint {
  readonly port: number;
  /** Stops listening and cuts what is connected. */
  stop(): Promise<void>;
}

/** Rejects if the port is taken. */
export async function listenForWebSockets(
  options: WebSocketEndpointOptions,
): Promise<WebSocketEndpoint> {
  const { certificate, key } = options.certificate;
  const server = createServer({ cert: certificate, key });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    if (options.refuse()) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const webSockets = new WebSocketServer({
    server,
    path: PATH,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUB_PROTOCOL) ? SUB_PROTOCOL : false),
  });
  webSockets.on("connection", (socket) => {
    if (socket.protocol === SUB_PROTOCOL) options.onSocket(socket);
    else socket.close(1002, `The sub-protocol is ${SUB_PROTOCOL}.`);
  });
  await new Promise<void>((resolve, reject) => {
    webSockets.once("error", reject);
    server.listen(options.port, HOST, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const client of webSockets.clients) client.terminate();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => webSockets.close(resolve));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
