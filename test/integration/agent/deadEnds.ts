import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** An address that nobody answers at. */
export interface DeadEnd {
  readonly url: string;
  /** How many have tried. */
  readonly tried: number;
  stop(): Promise<void>;
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

/** Accepts connections and never says a word, as a host behind a broken firewall. */
export async function blackHole(): Promise<DeadEnd> {
  const sockets = new Set<Socket>();
  let tried = 0;
  const server = createServer((socket) => {
    tried += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.resume();
  });
  const port = await listen(server);
  return {
    url: `ldaps://127.0.0.1:${port}`,
    get tried() {
      return tried;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Refuses connections, as a host whose service is not running. */
export async function closedPort(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return `ldaps://127.0.0.1:${port}`;
}
