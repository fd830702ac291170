import { generateKeyPairSync, type JsonWebKey, randomBytes } from "node:crypto";
import { VaultError } from "./vaultError.ts";

export type Tags = Readonly<Record<string, string>>;

/** Times are seconds since 1970, as in Key Vault. */
export interface KeyAttributes {
  readonly enabled: boolean;
  readonly created: number;
  readonly updated: number;
  readonly nbf?: number;
  readonly exp?: number;
}

/** What a caller may set. */
export interface KeyChange {
  readonly attributes?: {
    readonly enabled?: boolean;
    readonly nbf?: number;
    readonly exp?: number;
  };
  readonly tags?: Tags;
  readonly key_ops?: readonly string[];
}

/** One version of an EC P-256 key, private part included: never leaves the vault. */
export interface KeyVersion {
  readonly name: string;
  readonly version: string;
  readonly jwk: JsonWebKey;
  readonly operations: readonly string[];
  readonly attributes: KeyAttributes;
  readonly tags: Tags;
}

export function newVersion(name: string, change: KeyChange, now: number): KeyVersion {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    name,
    version: randomBytes(16).toString("hex"),
    jwk: privateKey.export({ format: "jwk" }),
    operations: change.key_ops ?? ["sign", "verify"],
    attributes: { enabled: true, created: now, updated: now, ...change.attributes },
    tags: change.tags ?? {},
  };
}

/** Tags are replaced as a whole, attributes one by one. */
export function changedVersion(key: KeyVersion, change: KeyChange, now: number): KeyVersion {
  return {
    ...key,
    operations: change.key_ops ?? key.operations,
    attributes: { ...key.attributes, ...change.attributes, updated: now },
    tags: change.tags ?? key.tags,
  };
}

/** @throws {VaultError} if the key may not sign at this moment. */
export function assertUsable(key: KeyVersion, now: number): void {
  const { enabled, nbf, exp } = key.attributes;
  const refuse = (state: string, inner: string) =>
    new VaultError(403, "Forbidden", `Operation sign is not allowed on a ${state} key.`, inner);
  if (!enabled) throw refuse("disabled", "KeyDisabled");
  if (nbf !== undefined && now < nbf) throw refuse("not yet valid", "KeyNotYetValid");
  if (exp !== undefined && now >= exp) throw refuse("expired", "KeyExpired");
  if (!key.operations.includes("sign")) throw refuse("non-signing", "KeyOperationForbidden");
}

const keyUrl = (vault: string, { name, version }: KeyVersion): string =>
  `${vault}/keys/${name}/${version}`;

/** The answer to create, get and update; without the private part. */
export function keyBundle(vault: string, key: KeyVersion) {
  const { crv, kty, x, y } = key.jwk;
  return {
    key: { kid: keyUrl(vault, key), kty, key_ops: key.operations, crv, x, y },
    ...describe(key),
  };
}

/** An entry of a list. */
export const keyItem = (vault: string, key: KeyVersion) => ({
  kid: keyUrl(vault, key),
  ...describe(key),
});

const describe = ({ attributes, tags }: KeyVersion) => ({
  attributes: { ...attributes, recoveryLevel: "Recoverable+Purgeable", recoverableDays: 90 },
  tags,
});
