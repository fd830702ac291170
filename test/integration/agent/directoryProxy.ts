import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { LocalDirectory } from "../../../local/localDirectory.ts";

/** Towards the directory, or back to the agent. */
export type Direction = "up" | "down";

interface Held {
  readonly to: Socket;
  readonly bytes: Buffer;
}

interface Hold {
  readonly isIt: () => boolean;
  readonly arrived: () => void;
  readonly bytes: Held[];
}

/** The network between an agent and its directory, which can lose, keep and cut. */
export class DirectoryProxy {
  private readonly server: Server;
  private readonly target: { readonly host: string; readonly port: number };
  private readonly sockets = new Set<Socket>();
  private readonly holds = new Map<Direction, Hold>();
  /** While true, nobody gets through: connections are reset as they are made. */
  refuses = false;

  private constructor(target: URL) {
    this.target = { host: target.hostname, port: Number(target.port) };
    this.server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket));
  }

  static async start({ url }: Pick<LocalDirectory, "url">): Promise<DirectoryProxy> {
    const proxy = new DirectoryProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** The directory as it is reached over this network. */
  seen<T extends LocalDirectory>(directory: T): T {
    const { port } = this.server.address() as AddressInfo;
    return { ...directory, url: `ldaps://127.0.0.1:${port}` };
  }

  /**
   * Keeps every byte that goes this way from now on.
   * @param isIt lets what comes pass until it says true
   * @returns resolves when there is one
   */
  hold(direction: Direction, isIt: () => boolean = () => true): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.holds.set(direction, { isIt, arrived: resolve, bytes: [] });
    return promise;
  }

  /** Lets what was kept go on, even if who sent it has gone. */
  release(direction: Direction): void {
    const held = this.holds.get(direction);
    this.holds.delete(direction);
    for (const { to, bytes } of held?.bytes ?? []) if (!to.destroyed) to.write(bytes);
    if (direction === "up") this.endUnheld();
  }

  /** Loses what was kept and resets every connection. */
  cut(): void {
    this.holds.clear();
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.cut();
    await closed;
  }

  private accept(agent: Socket): void {
    if (this.refuses) {
      agent.resetAndDestroy();
      return;
    }
    const directory = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
    agent.setNoDelay(true);
    this.pass(agent, directory, "up");
    this.pass(directory, agent, "down");
  }

  private pass(from: Socket, to: Socket, direction: Direction): void {
    this.sockets.add(from);
    from.on("data", (bytes) => {
      const hold = this.holds.get(direction);
      if (!hold || (hold.bytes.length === 0 && !hold.isIt())) {
        to.write(bytes);
        return;
      }
      hold.bytes.push({ to, bytes });
      hold.arrived();
    });
    from.on("error", () => {});
    from.once("close", () => {
      this.sockets.delete(from);
      // What is kept for it may still be let go.
      if (!this.isHeldFor(to)) to.end();
    });
    from.once("end", () => {
      if (!this.isHeldFor(to)) to.end();
    });
  }

  private isHeldFor(to: Socket): boolean {
    return [...this.holds.values()].some(({ bytes }) => bytes.some((held) => held.to === to));
  }

  private endUnheld(): void {
    for (const socket of this.sockets) if (socket.readableEnded) socket.end();
  }
}
