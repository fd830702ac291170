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

/** Whether nobody listens on this port of 127.0.0.1. */
export const isPortFree = async (port: number): Promise<boolean> =>
  (await listen(port)) !== undefined;

/** Some free port of 127.0.0.1. */
export async function anyFreePort(): Promise<number> {
  const port = await listen(0);
  if (port === undefined) throw new Error("no free port on 127.0.0.1");
  return port;
}
