import { connect } from "node:tls";

const PROBE_MS = 1_000;
const PAUSE_MS = 10;

export interface TlsTarget {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly ca: string;
}

function handshakes(target: TlsTarget): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...target, timeout: PROBE_MS });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("secureConnect", () => settle(true));
    socket.once("timeout", () => settle(false));
    socket.once("error", () => settle(false));
  });
}

/**
 * Waits until a server completes a TLS handshake with a certificate that is valid for its name.
 *
 * @param hasEnded whether there is nothing left to wait for
 * @returns false if it ended instead
 * @throws Error if neither happens in time
 */
export async function waitForTls(
  target: TlsTarget,
  hasEnded: () => boolean,
  deadlineMs: number,
): Promise<boolean> {
  const end = Date.now() + deadlineMs;
  while (Date.now() < end) {
    if (hasEnded()) return false;
    if (await handshakes(target)) return true;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`No TLS handshake with ${target.host}:${target.port} in ${deadlineMs} ms`);
}
