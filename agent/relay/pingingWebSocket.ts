import WebSocket, { type ClientOptions } from "ws";

/** Milliseconds between two pings; a peer that answers none in that time is gone. */
const PING_MS = 15_000;

/**
 * A WebSocket that notices a silent peer within two pings. The SDK alone takes two minutes
 * (RFC 6455 section 5.5.2 obliges the peer to answer).
 */
export class PingingWebSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[], options?: ClientOptions) {
    super(url, protocols, options);
    let alive = true;
    let timer: NodeJS.Timeout | undefined;
    this.on("open", () => {
      timer = setInterval(() => {
        if (!alive) return this.terminate();
        alive = false;
        this.ping();
      }, PING_MS).unref();
    });
    this.on("pong", () => {
      alive = true;
    });
    this.on("close", () => clearInterval(timer));
  }
}
