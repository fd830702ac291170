import { webcrypto } from "node:crypto";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import type { Keys } from "../../../agent/trust/keyRing.ts";
import { signCertificate } from "../../../protocol/certificate.ts";
import {
  type InstanceIdentity,
  type RecipientKey,
  sealRequest,
} from "../../../protocol/envelope.ts";
import type { Request } from "../../../protocol/request.ts";
import type { RemoteSigner } from "../../../protocol/signedObject.ts";
import {
  type PublicKey,
  publicKey,
  signTrustList,
  type TrustedAgent,
  type TrustList,
} from "../../../protocol/trustList.ts";
import { requestOf, type Wish } from "./requests.ts";

export const SERVICE_PRINCIPAL = "7d3c2f10-0000-4000-8000-00000000bbbb";

const HOUR = 3_600;
const nowSeconds = (): number => Date.now() / 1_000;

interface SigningKey extends RemoteSigner {
  readonly key: PublicKey;
}

async function signingKey(kid: string): Promise<SigningKey> {
  const { publicKey: open, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  return {
    kid,
    key: publicKey.parse(await exportJWK(open)),
    sign: async (data) =>
      new Uint8Array(
        await webcrypto.subtle.sign(algorithm, privateKey, data as Uint8Array<ArrayBuffer>),
      ),
  };
}

/** An agent's encryption key, with the private half as enrolment would leave it on its host. */
export interface EnrolledKey extends RecipientKey {
  readonly jwk: JWK;
  readonly open: PublicKey;
}

export async function enrolledKey(): Promise<EnrolledKey> {
  const pair = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
  const open = publicKey.parse(await exportJWK(pair.publicKey));
  return {
    kid: await calculateJwkThumbprint(open),
    key: pair.privateKey,
    jwk: await exportJWK(pair.privateKey),
    open,
  };
}

/** Keys as an agent holds them, which nobody changes. */
export const heldKeys = (...all: readonly RecipientKey[]): Keys => ({
  all,
  has: (kid) => all.some((key) => key.kid === kid),
  reload: async () => {},
});

/** Root key, request-signing key and a function instance: the cloud's side of the trust. */
export class TrustRoot {
  readonly connector: string;
  private readonly root: SigningKey;
  private readonly signer: SigningKey;
  private instance: Promise<InstanceIdentity> | undefined;

  private constructor(connector: string, root: SigningKey, signer: SigningKey) {
    this.connector = connector;
    this.root = root;
    this.signer = signer;
  }

  static async create(connector = "corp"): Promise<TrustRoot> {
    return new TrustRoot(connector, await signingKey("root"), await signingKey("signing"));
  }

  /** The same root after its request-signing key was rolled: the old one is in no new list. */
  async rolled(): Promise<TrustRoot> {
    return new TrustRoot(this.connector, this.root, await signingKey("signing-rolled"));
  }

  get rootKey(): PublicKey {
    return this.root.key;
  }

  /** An agent's entry of the trust list. */
  entry(id: string, key: EnrolledKey, wishes: Partial<TrustedAgent> = {}): TrustedAgent {
    return {
      id,
      servicePrincipal: SERVICE_PRINCIPAL,
      connector: this.connector,
      kid: key.kid,
      encryptionKey: key.open,
      expires: Math.floor(nowSeconds()) + 24 * HOUR,
      ...wishes,
    };
  }

  list(serial: number, agents: readonly TrustedAgent[]): TrustList {
    const { kid, key } = this.signer;
    return {
      version: 1,
      serial,
      iat: Math.floor(nowSeconds()),
      signingKeys: [{ kid, key }],
      agents: [...agents],
    };
  }

  sign(list: TrustList): Promise<string> {
    return signTrustList(list, this.root);
  }

  /** The instance's key and certificate, made at the first call. */
  identity(): Promise<InstanceIdentity> {
    this.instance ??= this.certify();
    return this.instance;
  }

  /** A request with everything filled in that the test left out. */
  request(wish: Wish<Request>): Request {
    return requestOf({ aud: this.connector, ...wish });
  }

  async seal(request: Request, ...keys: readonly EnrolledKey[]): Promise<Uint8Array> {
    const recipients = keys.map(({ kid, open }) => ({ kid, encryptionKey: open }));
    return sealRequest(request, await this.identity(), recipients);
  }

  private async certify(): Promise<InstanceIdentity> {
    const pair = await generateKeyPair("ES256", { extractable: true });
    const iat = Math.floor(nowSeconds());
    const certificate = await signCertificate(
      {
        version: 1,
        sub: "instance-1",
        iat,
        exp: iat + HOUR,
        cnf: { jwk: publicKey.parse(await exportJWK(pair.publicKey)) },
      },
      this.signer,
    );
    return { key: pair.privateKey as CryptoKey, certificate };
  }
}
