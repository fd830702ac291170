import { connect as connectTcp } from "node:net";
import { Client } from "ldapts";
import { connect, directoryClient } from "../../../local/accounts/connect.ts";
import type { LocalDirectory } from "../../../local/localDirectory.ts";

const SHORT_MS = 300;

/** The fault hooks that other suites rely on. */
export function describeFaults(start: () => Promise<LocalDirectory>): void {
  const impatient = ({ url, ca, servername }: LocalDirectory): Client =>
    new Client({
      url,
      timeout: SHORT_MS,
      connectTimeout: SHORT_MS,
      tlsOptions: { ca: [ca], servername },
    });
  const readRoot = (client: Client) => client.search("", { scope: "base", attributes: ["1.1"] });

  describe("faults", () => {
    test("frozen, it keeps sockets but answers nothing; thawed, it goes on", async () => {
      const directory = await start();
      const client = impatient(directory);
      await readRoot(client);
      directory.freeze();
      await expect(readRoot(client)).rejects.toThrow("timed out");
      await expect(readRoot(impatient(directory))).rejects.toThrow("Connection timeout");
      directory.thaw();
      const again = directoryClient(directory);
      await readRoot(again);
      await again.unbind();
      await directory.stop();
    });

    test("killed, it is gone in the middle of what it did, and refuses connections", async () => {
      const directory = await start();
      const client = await connect(directory, directory.administrator);
      directory.freeze();
      const pending = readRoot(client);
      const lost = expect(pending).rejects.toThrow();
      await directory.kill();
      await lost;
      const { hostname, port } = new URL(directory.url);
      const refused = new Promise<string>((resolve) => {
        const socket = connectTcp({ host: hostname, port: Number(port) });
        socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
        socket.once("close", () => resolve("closed"));
      });
      expect(["ECONNREFUSED", "ECONNRESET", "closed"]).toContain(await refused);
      await directory.stop();
    });

    test("stopped twice is stopped", async () => {
      const directory = await start();
      await directory.stop();
      await directory.stop();
      const { administrator } = directory;
      await expect(connect(directory, administrator)).rejects.toThrow();
    });
  });
}
