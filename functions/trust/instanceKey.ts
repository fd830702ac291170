import { randomUUID } from "node:crypto";
import { signCertificate } from "@password-writeback/protocol/certificate.ts";
import type { InstanceIdentity } from "@password-writeback/protocol/envelope.ts";
import { MAX_CERTIFICATE_SECONDS } from "@password-writeback/protocol/limits.ts";
import { publicKey, type TrustList } from "@password-writeback/protocol/trustList.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { exportJWK, generateKeyPair } from "jose";
import { ApiError } from "../http/apiError.ts";
import type { TrustSource } from "./trustSource.ts";
import type { Vault } from "./vault.ts";

/** Milliseconds that a new certificate may take. */
const CERTIFY_MS = 10_000;
/** Seconds before the end of a certificate at which a new one is fetched in the background. */
const RENEW_BEFORE_SECONDS = 600;
/** Seconds before its end at which a certificate is used no more. */
const STOP_BEFORE_SECONDS = 60;
/** Milliseconds that a request waits for the next signing key while the one before still serves. */
const ROLL_MS = 2_000;
/** Milliseconds after which a key that was not to be had is waited for again. */
const ROLL_AGAIN_MS = 30_000;

interface Certified extends InstanceIdentity {
  readonly signedBy: string;
  readonly expires: number;
}

/** A new certificate on its way, and the list that it is made for. */
interface Renewal {
  readonly serial: number;
  readonly certified: Promise<Certified>;
}

const isNamed = ({ signedBy }: Certified, list: TrustList): boolean =>
  list.signingKeys.some(({ kid }) => kid === signedBy);

/**
 * This instance's own signing key and its certificate by the vault: one vault call an hour, none
 * per request. The signing key to be used is the last one that the trust list names: a certificate
 * by another one is replaced at once, and serves on only where it is named too and the vault fails.
 */
export class InstanceKey {
  private readonly id = randomUUID();
  private readonly vault: Vault;
  private readonly trust: TrustSource;
  private readonly now: () => number;
  private certified: Certified | undefined;
  private renewal: Renewal | undefined;
  /** Milliseconds since 1970 before which no request waits for the next signing key. */
  private rollAgainAt = 0;

  /** @param now milliseconds since 1970 */
  constructor(vault: Vault, trust: TrustSource, now: () => number) {
    this.vault = vault;
    this.trust = trust;
    this.now = now;
  }

  /** @throws ApiError `signingUnavailable`; `trustListUnavailable`: an old list was put back */
  async identity(list: TrustList): Promise<InstanceIdentity> {
    const { certified } = this;
    const left = certified && isNamed(certified, list) ? certified.expires - this.now() / 1_000 : 0;
    const isLast = certified?.signedBy === list.signingKeys.at(-1)?.kid;
    if (certified && isLast && left > RENEW_BEFORE_SECONDS) return certified;
    const renewal = this.renew(list);
    if (certified && left > STOP_BEFORE_SECONDS) {
      if (!isLast && this.now() >= this.rollAgainAt) return this.rolled(renewal, certified, list);
      renewal.certified.catch(() => {});
      return certified;
    }
    // One that was under way may be for an older list, with a key that is gone.
    const isOwn = renewal.serial === list.serial;
    const renewed = await (isOwn ? renewal.certified : renewal.certified.catch(() => undefined));
    return renewed && isNamed(renewed, list) ? renewed : this.renew(list).certified;
  }

  /** What is signed after the roll must not depend on the key that is about to go. */
  private async rolled({ certified }: Renewal, before: Certified, list: TrustList) {
    try {
      const renewed = await within(ROLL_MS, certified);
      return isNamed(renewed, list) ? renewed : before;
    } catch (error) {
      if (error instanceof ApiError && error.code === "trustListUnavailable") throw error;
      this.rollAgainAt = this.now() + ROLL_AGAIN_MS;
      return before;
    }
  }

  private renew(list: TrustList): Renewal {
    this.renewal ??= { serial: list.serial, certified: this.renewed(list) };
    return this.renewal;
  }

  private renewed(list: TrustList): Promise<Certified> {
    return within(CERTIFY_MS, this.certify(list))
      .then((certified) => {
        this.certified = certified;
        return certified;
      })
      .catch((cause: unknown) => {
        throw cause instanceof ApiError ? cause : new ApiError("signingUnavailable", { cause });
      })
      .finally(() => {
        this.renewal = undefined;
      });
  }

  /** @param list as the call read it: meanwhile there may be a newer one */
  private async certify(list: TrustList): Promise<Certified> {
    const newest = await this.vault.newestSerial();
    this.trust.raiseSerial(newest);
    const { signingKeys } = list.serial < newest ? (await this.trust.current()).list : list;
    const signedBy = signingKeys.at(-1)?.kid;
    if (signedBy === undefined) throw new ApiError("trustListUnavailable");
    const keys = await generateKeyPair("ES256");
    const { kty, crv, x, y } = await exportJWK(keys.publicKey);
    const iat = Math.floor(this.now() / 1_000);
    const expires = iat + MAX_CERTIFICATE_SECONDS;
    const certificate = await signCertificate(
      {
        version: 1,
        sub: this.id,
        iat,
        exp: expires,
        cnf: { jwk: publicKey.parse({ kty, crv, x, y }) },
      },
      this.vault.signer(signedBy),
    );
    return { key: keys.privateKey, certificate, signedBy, expires };
  }
}
