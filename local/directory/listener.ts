import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Leaf } from "../certificates.ts";

/** Something that talks on an accepted connection. */
export interface Peer {
  freeze(): void;
  thaw(): void;
}

/** Makes the peer of a connection; `abort` resets it without a closing handshake. */
export type Greet = (socket: TLSSocket, abort: () => void) => Peer;

/**
 * A TLS listener that can be frozen and killed. A frozen one still completes TCP handshakes, as
 * the kernel does for a process that hangs, but says nothing.
 */
export class Listener {
  private readonly server: Server;
  private readonly context: SecureContext;
  private readonly greet: Greet;
  private readonly open = new Map<Socket, Peer | undefined>();
  private frozen = false;

  constructor(leaf: Leaf, greet: Greet) {
    const { certificate: cert, key } = leaf;
    this.context = createSecureContext({ cert, key, minVersion: "TLSv1.2" });
    this.greet = greet;
    this.server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
      this.open.set(socket, undefined);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => this.open.delete(socket));
      if (!this.frozen) this.secure(socket);
    });
  }

  /** @returns the port, which is a free one for 0 */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject).listen(port, host, resolve);
    });
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP address");
    return address.port;
  }

  get isFrozen(): boolean {
    return this.frozen;
  }

  freeze(): void {
    this.frozen = true;
    for (const peer of this.open.values()) peer?.freeze();
  }

  thaw(): void {
    this.frozen = false;
    for (const [socket, peer] of this.open) {
      if (peer) peer.thaw();
      else this.secure(socket);
    }
  }

  /** Closes all connections in order and ends. */
  async stop(): Promise<void> {
    await this.end((socket) => socket.destroySoon());
  }

  /** Resets all connections and ends. */
  async kill(): Promise<void> {
    await this.end((socket) => socket.resetAndDestroy());
  }

  private secure(socket: Socket): void {
    const secured = new TLSSocket(socket, { isServer: true, secureContext: this.context });
    this.open.set(
      socket,
      this.greet(secured, () => socket.resetAndDestroy()),
    );
    secured.on("error", () => socket.destroy());
  }

  private async end(close: (socket: Socket) => void): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.open.keys()) close(socket);
    await closed;
  }
}
