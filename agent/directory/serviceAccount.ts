import { within } from "@password-writeback/protocol/within.ts";
import { DirectoryError } from "./directoryError.ts";

const INVALID_CREDENTIALS = 49;
/**
 * Milliseconds without another try of a refused secret; doubles with each try in vain up to the
 * longest. At a steady pace they would lock the account in the end.
 */
const HOLD_MS = { first: 30_000, longest: 30 * 60_000 } as const;
/** Milliseconds that others wait for the first try: longer than a refusal takes. */
const FIRST_TRY_MS = 1_000;

interface Refused {
  readonly secret: string;
  readonly error: DirectoryError;
  readonly holdMs: number;
  /** Milliseconds of the steady clock. */
  readonly until: number;
}

/** Whether the directory refused the account's name or secret (RFC 4511 appendix A.2). */
const isRefusedBind = (error: unknown): boolean =>
  error instanceof DirectoryError && error.evidence.resultCode === INVALID_CREDENTIALS;

/**
 * The agent's account in one domain. Its secret is read anew for each connection, and once more
 * where it was refused, so that it can be rolled without a restart; connections that are bound stay
 * so. A refused secret is refused by every domain controller of the domain, since each asks the PDC
 * emulator: it is held back from all of them, until there is a new one or time has passed, more of
 * it each time. So that many that come at once do not try it as many times, one that is not known
 * to be good is tried by one of them, and the others wait for a moment to see.
 */
export class ServiceAccount {
  private readonly read: () => Promise<string>;
  private readonly now: () => number;
  private refused: Refused | undefined;
  /** The secret that was accepted last, and not refused since. */
  private proven: string | undefined;
  private trying: Promise<unknown> | undefined;

  /** @param now milliseconds of any steady clock */
  constructor(read: () => Promise<string>, now: () => number) {
    this.read = read;
    this.now = now;
  }

  /**
   * @param bind makes a connection with the secret
   * @throws DirectoryError `secretUnusable`: there is none to try; whatever `bind` throws
   */
  async signIn<T>(bind: (secret: string) => Promise<T>): Promise<T> {
    const secret = await this.secret();
    try {
      return await this.attempt(secret, bind);
    } catch (error) {
      if (!isRefusedBind(error)) throw error;
      const again = await this.secret();
      if (again === secret) throw error;
      return this.attempt(again, bind);
    }
  }

  private async attempt<T>(secret: string, bind: (secret: string) => Promise<T>): Promise<T> {
    for (let first = this.trying; first && secret !== this.proven; first = this.trying)
      if (!(await hasEnded(first))) break;
    const { refused, now } = this;
    if (refused?.secret === secret && now() < refused.until) throw refused.error;
    const trying = this.tried(secret, bind).finally(() => {
      if (this.trying === trying) this.trying = undefined;
    });
    this.trying = trying;
    return trying;
  }

  private async tried<T>(secret: string, bind: (secret: string) => Promise<T>): Promise<T> {
    try {
      const bound = await bind(secret);
      this.proven = secret;
      this.refused = undefined;
      return bound;
    } catch (error) {
      if (error instanceof DirectoryError && isRefusedBind(error)) {
        const holdMs = this.nextHold(secret);
        this.refused = { secret, error, holdMs, until: this.now() + holdMs };
        this.proven = undefined;
      }
      throw error;
    }
  }

  private nextHold(secret: string): number {
    if (this.refused?.secret !== secret) return HOLD_MS.first;
    return Math.min(2 * this.refused.holdMs, HOLD_MS.longest);
  }

  /** An empty one would make an anonymous bind, which servers answer with success. */
  private async secret(): Promise<string> {
    const secret = await this.read().catch(() => "");
    if (secret === "") throw new DirectoryError("secretUnusable");
    return secret;
  }
}

const hasEnded = (trying: Promise<unknown>): Promise<boolean> =>
  within(
    FIRST_TRY_MS,
    trying.then(
      () => true,
      () => true,
    ),
  ).catch(() => false);
