import type { FoundEntry } from "../wire/response.ts";

/** Searches of one connection that were answered in part (RFC 2696), by cookie. */
export class Pages {
  private readonly rests = new Map<string, readonly FoundEntry[]>();
  private last = 0;

  /** @returns the cookie for the next page; empty when nothing is left */
  keep(rest: readonly FoundEntry[]): Buffer {
    if (rest.length === 0) return Buffer.alloc(0);
    this.last += 1;
    const cookie = Buffer.alloc(4);
    cookie.writeUInt32BE(this.last);
    this.rests.set(cookie.toString("hex"), rest);
    return cookie;
  }

  /** What is left for a cookie, which works once; undefined if there is no such search. */
  take(cookie: Buffer): readonly FoundEntry[] | undefined {
    const key = cookie.toString("hex");
    const rest = this.rests.get(key);
    this.rests.delete(key);
    return rest;
  }
}
