import type { JsonWebKey } from "node:crypto";
import type { LocalCertificates } from "../certificates.ts";
import { type JsonAnswer, type JsonRequest, serveJson } from "../http/jsonServer.ts";
import { KeyStore } from "./keyStore.ts";
import { type KeyVersion, keyBundle } from "./keyVersion.ts";
import { callerOf, challenge, type VaultRights, type VerifyToken } from "./vaultAccess.ts";
import { VaultError } from "./vaultError.ts";
import { VaultKeys } from "./vaultKeys.ts";

export interface VaultOptions {
  readonly certificates: LocalCertificates;
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly tenantId: string;
  /** Address of the identity stand-in, for the challenge. */
  readonly authority: string;
  readonly verify: VerifyToken;
  readonly may: VaultRights;
  /** Where keys outlive a restart; in memory without it. */
  readonly folder?: string;
  /** Milliseconds since 1970; the system's clock by default. */
  readonly clock?: () => number;
}

/** Public facts of a key version. */
export interface VaultKey {
  /** Key identifier, version included. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly publicJwk: JsonWebKey;
}

export interface Vault {
  readonly url: string;
  /** Makes a new version, as an operator with every right would. */
  createKey(name: string): Promise<VaultKey>;
  /** The newest version; makes the first one if there is none. */
  ensureKey(name: string): Promise<VaultKey>;
  /** Signatures given by a key, all versions. */
  signatures(name: string): number;
  stop(): Promise<void>;
}

const API_VERSION = /^(7\.\d|\d{4}-\d{2}-\d{2})(-preview(\.\d+)?)?$/;

function publicFacts(url: string, key: KeyVersion): VaultKey {
  const { kid, kty, crv, x, y } = keyBundle(url, key).key;
  return { id: kid, name: key.name, version: key.version, publicJwk: { kty, crv, x, y } };
}

/**
 * Starts the stand-in for the keys of a Key Vault: EC P-256 keys with versions, tags and rights,
 * which really sign and whose private part never leaves.
 */
export async function startVault(options: VaultOptions): Promise<Vault> {
  const { certificates, tenantId, authority, verify, may, clock = Date.now } = options;
  const store = await KeyStore.open(options.folder, clock);
  let keys: VaultKeys | undefined;

  const answer = async (request: JsonRequest): Promise<JsonAnswer> => {
    if (!keys) return { status: 503 };
    const caller = await callerOf(request, verify);
    if (caller === undefined) {
      return challenge(authority, tenantId, "The request has no valid Bearer token.");
    }
    try {
      if (!API_VERSION.test(request.query.get("api-version") ?? "")) {
        throw new VaultError(400, "BadParameter", "The api-version is missing or not supported.");
      }
      return { status: 200, body: await keys.handle(request, caller) };
    } catch (error) {
      if (error instanceof VaultError) return error.toAnswer();
      throw error;
    }
  };

  const server = await serveJson({
    handle: answer,
    port: options.port,
    tls: { certificates, name: "vault" },
  });
  const { url } = server;
  keys = new VaultKeys(url, store, may);
  const { signatures } = keys;
  return {
    url,
    createKey: async (name) => publicFacts(url, await store.create(name)),
    ensureKey: async (name) =>
      publicFacts(url, store.has(name) ? store.get(name) : await store.create(name)),
    signatures: (name) => signatures.get(name) ?? 0,
    stop: () => server.stop(),
  };
}
