import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";
import { ApiError } from "../http/apiError.ts";
import type { Log } from "../log.ts";

/** Milliseconds that keys are believed: so long may Entra be out of reach. */
const BELIEVED_MS = 24 * 3_600_000;
/** Milliseconds between two fetches in the background. */
const REFRESH_MS = 3_600_000;
/** Milliseconds between two fetches because a token names a key that is not there. */
const COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;

/**
 * The keys that the tenant signs tokens with. They are fetched in the background, so that no
 * request waits for it; a fetch that fails leaves the old ones in use.
 */
export class TenantKeys {
  private readonly set;
  private readonly log: Log;
  private timer: NodeJS.Timeout | undefined;

  /** @param url of the tenant's key document */
  constructor(url: URL, log: Log, fetchKeys: typeof fetch = fetch) {
    this.log = log;
    this.set = createRemoteJWKSet(url, {
      cacheMaxAge: BELIEVED_MS,
      cooldownDuration: COOLDOWN_MS,
      timeoutDuration: TIMEOUT_MS,
      [customFetch]: fetchKeys,
    });
  }

  /** Begins to fetch, at once and every hour. The caller need not wait. */
  start(): void {
    if (this.timer) return;
    void this.refresh();
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Fetches the keys; a failure is logged and no more. */
  async refresh(): Promise<void> {
    try {
      await this.set.reload();
    } catch (error) {
      this.log.error("signInKeysNotFetched", {
        cause: (error as Error).name,
        causeCode: (error as { code?: string }).code,
      });
    }
  }

  /**
   * The key that a token names.
   * @throws ApiError `signInKeysUnavailable`: that is our trouble and no reason to sign in again
   * @throws JOSEError where there is no such key
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    try {
      return await this.set(header, token);
    } catch (cause) {
      const isTokens =
        cause instanceof errors.JWKSNoMatchingKey ||
        cause instanceof errors.JWKSMultipleMatchingKeys ||
        cause instanceof errors.JOSENotSupported;
      throw isTokens ? cause : new ApiError("signInKeysUnavailable", { cause });
    }
  };
}
