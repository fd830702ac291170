import { type AddressInfo, createServer } from "node:net";

const listen = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const { port: taken } = server.address() as AddressInfo;
      server.close(() => resolve(taken));
    });
  });

/** The usual port if nobody has it, else a free one. */
export async function freePort(usual: number): Promise<number> {
  const port = (await listen(usual)) ?? (await listen(0));
  if (port === undefined) throw new Error("no free port on 127.0.0.1");
  return port;
}
