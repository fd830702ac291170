import type { RawData, WebSocket } from "ws";
import type { ByteStream } from "./rhea.ts";

type Handler = (argument?: unknown) => void;

/** Bytes of AMQP, of all clients, since the broker started. */
export interface Traffic {
  received: number;
  sent: number;
}

/**
 * A WebSocket as rhea wants a socket. What is written during one turn of the event loop leaves as
 * one WebSocket message: AMQP over WebSocket is a stream of bytes, and each message costs a TLS
 * record and a system call.
 */
export class WebSocketStream implements ByteStream {
  private readonly socket: WebSocket;
  private readonly traffic: Traffic;
  private readonly handlers = new Map<string, Handler>();
  private pending: Buffer[] = [];
  private silent = false;

  constructor(socket: WebSocket, traffic: Traffic) {
    this.socket = socket;
    this.traffic = traffic;
    socket.on("message", (data: RawData) => {
      if (Buffer.isBuffer(data)) traffic.received += data.length;
      this.handlers.get("data")?.(data);
    });
    socket.on("close", () => this.handlers.get("end")?.());
    // A failed socket is closed after its error: "end" is all that rhea has to know.
    socket.on("error", () => {});
  }

  on(event: string, handler: Handler): void {
    this.handlers.set(event, handler);
  }

  removeAllListeners(event: string): void {
    this.handlers.delete(event);
  }

  write(data: Buffer): void {
    this.traffic.sent += data.length;
    if (this.pending.push(data) === 1) setImmediate(() => this.flush());
  }

  end(): void {
    this.flush();
    this.socket.close();
  }

  destroy(): void {
    this.socket.terminate();
  }

  /** From now on the peer gets nothing, and nothing is read from it. */
  silence(): void {
    this.silent = true;
    this.socket.pause();
  }

  get_id_string(): string {
    return "WebSocket";
  }

  private flush(): void {
    const { pending } = this;
    if (pending.length === 0) return;
    this.pending = [];
    if (this.silent || this.socket.readyState !== this.socket.OPEN) return;
    this.socket.send(pending.length === 1 ? pending[0]! : Buffer.concat(pending));
  }
}
