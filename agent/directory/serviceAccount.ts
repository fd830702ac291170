import { DirectoryError } from "./directoryError.ts";

const INVALID_CREDENTIALS = 49;
/** Milliseconds without another try of a refused secret: trying on would lock the account. */
const HOLD_MS = 30_000;

interface Refused {
  readonly secret: string;
  readonly error: DirectoryError;
  /** Milliseconds of the steady clock. */
  readonly until: number;
}

/** Whether the directory refused the account's name or secret (RFC 4511 appendix A.2). */
export const isRefusedBind = (error: unknown): boolean =>
  error instanceof DirectoryError && error.evidence.resultCode === INVALID_CREDENTIALS;

/**
 * The agent's account in one domain. Its secret is read anew for each connection, and once more
 * where it was refused, so that it can be rolled without a restart; connections that are bound stay
 * so. A refused secret is refused by every domain controller of the domain, since each asks the PDC
 * emulator: it is held back from all of them, until there is a new one or time has passed.
 */
export class ServiceAccount {
  private readonly read: () => Promise<string>;
  private readonly now: () => number;
  private refused: Refused | undefined;

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
    const { refused, now } = this;
    if (refused?.secret === secret && now() < refused.until) throw refused.error;
    try {
      return await bind(secret);
    } catch (error) {
      if (error instanceof DirectoryError && isRefusedBind(error))
        this.refused = { secret, error, until: now() + HOLD_MS };
      throw error;
    }
  }

  /** An empty one would make an anonymous bind, which servers answer with success. */
  private async secret(): Promise<string> {
    const secret = await this.read().catch(() => "");
    if (secret === "") throw new DirectoryError("secretUnusable");
    return secret;
  }
}
