import { createServer } from "node:net";
import { candidateAddress, freeLoopbackAddress } from "../../../../local/samba/loopbackAddress.ts";

/** Nobody needs root for this one. */
const HIGH_PORT = 26_360;

/** How many addresses the process had tried when it took this one. */
const tries = (octets: readonly number[]): number =>
  Array.from({ length: 64 }, (_, n) => n).find(
    (n) => candidateAddress(process.pid, n) === octets.join("."),
  ) ?? -1;

const canListen = (host: string, port = HIGH_PORT): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });

describe("loopback address of a server", () => {
  test("is in 127.64.0.0/10, whatever the process id", () => {
    for (const pid of [1, 4_194_304, 262_143, 262_144, 99_999]) {
      const octets = candidateAddress(pid, 15).split(".").map(Number);
      expect(octets[0]).toBe(127);
      expect(octets[1]).toBeGreaterThanOrEqual(64);
      expect(octets.every((octet) => octet <= 255)).toBe(true);
    }
  });

  test("does not meet that of another process for the first sixteen", () => {
    const of = (pid: number) => Array.from({ length: 16 }, (_, n) => candidateAddress(pid, n));
    expect(new Set([...of(1_000), ...of(1_001), ...of(1_002)]).size).toBe(48);
  });

  test("is one of which the ports are free, and never the same twice", async () => {
    const one = await freeLoopbackAddress([HIGH_PORT]);
    const two = await freeLoopbackAddress([HIGH_PORT]);
    expect(one).not.toBe(two);
    expect(await canListen(one)).toBe(true);
    expect(await canListen(two)).toBe(true);
  });

  test("is never one where someone listens", async () => {
    const known = (await freeLoopbackAddress([HIGH_PORT])).split(".").map(Number);
    const next = candidateAddress(process.pid, tries(known) + 1);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ host: next, port: HIGH_PORT }, resolve));
    expect(await freeLoopbackAddress([HIGH_PORT])).not.toBe(next);
    await new Promise((resolve) => server.close(resolve));
  });
});
