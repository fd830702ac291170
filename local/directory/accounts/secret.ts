import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * The passwords of one account, kept in memory only, as SHA-256 under a salt of the account: a
 * stand-in needs speed more than strength. A former password stops binding at once; the 60 minutes
 * for which a real domain controller goes on taking it are left out.
 */
export class Secret {
  private readonly salt = randomBytes(16);
  private current: Buffer | undefined;
  private former: readonly Buffer[] = [];

  /** @param password UTF-16LE, without quotes */
  digest(password: Buffer): Buffer {
    return createHash("sha256").update(this.salt).update(password).digest();
  }

  get isSet(): boolean {
    return this.current !== undefined;
  }

  isCurrent(digest: Buffer): boolean {
    return this.current !== undefined && timingSafeEqual(this.current, digest);
  }

  /** Whether it is one of the last `count` passwords before the current one. */
  isFormer(digest: Buffer, count: number): boolean {
    return this.former.slice(0, count).some((each) => each.equals(digest));
  }

  /** @param keep former passwords to remember */
  replace(digest: Buffer, keep: number): void {
    const former = this.current ? [this.current, ...this.former] : this.former;
    this.former = former.slice(0, keep);
    this.current = digest;
  }
}
