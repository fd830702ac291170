import { createServer } from "node:net";

/** The ports that Samba's LDAP service opens; they cannot be configured. */
const PORTS = [389, 636, 3268, 3269] as const;
const ATTEMPTS = 64;

let taken = 0;

/**
 * The n-th address that a process tries: 127.64.0.0/10 divided by process id, so that processes
 * side by side do not meet in the first place.
 */
export function candidateAddress(pid: number, n: number): string {
  const place = (pid * 16 + n) % 0x400000;
  const octets = [64 + (place >> 16), (place >> 8) & 0xff, place & 0xff];
  return `127.${octets.join(".")}`;
}

function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen({ host: address, port, exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/**
 * An address of its own for one server, with all of its ports free.
 *
 * @throws Error of the system, if this process may not listen on them
 */
export async function freeLoopbackAddress(ports: readonly number[] = PORTS): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const address = candidateAddress(process.pid, taken++);
    const free = await Promise.all(ports.map((port) => isFree(address, port)));
    if (free.every(Boolean)) return address;
  }
  throw new Error(`No loopback address with free LDAP ports among ${ATTEMPTS}`);
}
