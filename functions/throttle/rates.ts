import type { Origin } from "@password-writeback/protocol/request.ts";
import type { ApiCall } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { addressBlock } from "./addressBlock.ts";
import { TokenBuckets } from "./tokenBuckets.ts";

/** Calls a minute; 0: any number. */
export interface RateLimits {
  readonly requester: number;
  readonly address: number;
}

/**
 * How often signed-in people may call, and how often anybody may from one address, at this
 * instance. Portals and administrators are not limited: they call for many.
 */
export class Rates {
  private readonly requesters: TokenBuckets;
  private readonly addresses: TokenBuckets;

  constructor({ requester, address }: RateLimits, now: () => number) {
    this.requesters = new TokenBuckets(requester, now);
    this.addresses = new TokenBuckets(address, now);
  }

  /** @throws ApiError `tooManyRequests`, before anybody is asked anything */
  take({ caller, address }: Pick<ApiCall, "caller" | "address">, origin: Origin): void {
    if (origin !== "self") return;
    const wait =
      this.requesters.take(caller.id) ||
      (address === undefined ? 0 : this.addresses.take(addressBlock(address)));
    if (wait === 0) return;
    throw new ApiError("tooManyRequests", {
      headers: { "Retry-After": String(Math.ceil(wait / 1_000)) },
    });
  }
}
