import type { TokenCredential } from "@azure/identity";
import { CryptographyClient, KeyClient, type KeyVaultKey } from "@azure/keyvault-keys";
import type { RemoteSigner } from "@password-writeback/protocol/signedObject.ts";
import { type PublicKey, publicKey } from "@password-writeback/protocol/trustList.ts";
import { within } from "@password-writeback/protocol/within.ts";
import { CommandError } from "../workstation/commandError.ts";
import type { Profile } from "./profile.ts";

/** One version of a key in the vault. */
export interface VaultKey {
  /** Identifier, version included. */
  readonly kid: string;
  readonly key: PublicKey;
  /** Milliseconds since 1970, of a whole second. */
  readonly created: number;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The operator's rights in the Key Vault. Everything throws CommandError. */
export interface OperatorVault {
  /** Newest version; undefined where there is no such key. */
  newest(name: string): Promise<VaultKey | undefined>;
  /** Makes a new version, and the key with the first one. Its private part cannot be exported. */
  create(name: string): Promise<VaultKey>;
  /** One version, by its identifier. */
  version(kid: string): Promise<VaultKey>;
  /** Replaces the tags of a version. */
  tag(key: VaultKey, tags: Readonly<Record<string, string>>): Promise<void>;
  signer(key: VaultKey): RemoteSigner;
}

const CALL_MS = 60_000;
/** Host names of Key Vault in Azure's clouds. */
const AZURE_VAULTS = /\.(?:vault|managedhsm)\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)$/;
export const isAzureVault = (url: string): boolean => AZURE_VAULTS.test(new URL(url).hostname);

const EC_P256 = { curve: "P-256", keyOps: ["sign", "verify"] } as const;

/** @param profile names the vault */
export function openOperatorVault(
  { vault: url }: Pick<Profile, "vault">,
  credential: TokenCredential,
): OperatorVault {
  const options = {
    retryOptions: { maxRetries: 2, retryDelayInMs: 500, maxRetryDelayInMs: 2_000 },
    // The SDK refuses challenges for vaults outside Azure's own domains.
    disableChallengeResourceVerification: !isAzureVault(url),
  };
  const keys = new KeyClient(url, credential, options);
  const partsOf = (kid: string): { name: string; version: string } => {
    const [name = "", version = ""] = kid.slice(`${url}/keys/`.length).split("/");
    if (!kid.startsWith(`${url}/keys/`))
      throw new CommandError("A key of another vault is listed.");
    return { name, version };
  };
  return {
    newest: (name) =>
      ask(`read the key "${name}"`, async () => {
        const found = await keys.getKey(name).catch((error: unknown) => {
          if (statusOf(error) === 404) return undefined;
          throw error;
        });
        return found && vaultKey(found);
      }),
    create: (name) =>
      ask(`make the key "${name}"`, async () =>
        vaultKey(await keys.createEcKey(name, { ...EC_P256, keyOps: [...EC_P256.keyOps] })),
      ),
    version: (kid) => {
      const { name, version } = partsOf(kid);
      return ask(`read the key "${name}"`, async () =>
        vaultKey(await keys.getKey(name, { version })),
      );
    },
    tag: ({ kid }, tags) => {
      const { name, version } = partsOf(kid);
      return ask(`tag the key "${name}"`, async () => {
        await keys.updateKeyProperties(name, version, { tags: { ...tags } });
      });
    },
    signer: ({ kid }) => {
      const { name } = partsOf(kid);
      const client = new CryptographyClient(kid, credential, options);
      return {
        kid,
        sign: (data) =>
          ask(
            `sign with the key "${name}"`,
            async () => (await client.signData("ES256", data)).result,
          ),
      };
    },
  };
}

function vaultKey({ id, key, properties }: KeyVaultKey): VaultKey {
  const coordinate = (bytes: Uint8Array | undefined) =>
    Buffer.from(bytes ?? []).toString("base64url");
  const isEc = key?.kty === "EC" || key?.kty === "EC-HSM";
  const parsed = publicKey.safeParse({
    kty: isEc ? "EC" : undefined,
    crv: key?.crv,
    x: coordinate(key?.x),
    y: coordinate(key?.y),
  });
  if (!id || !parsed.success)
    throw new CommandError(`The key "${properties.name}" is not an EC key on P-256.`);
  return {
    kid: id,
    key: parsed.data,
    created: properties.createdOn?.getTime() ?? 0,
    enabled: properties.enabled ?? false,
    tags: properties.tags ?? {},
  };
}

const statusOf = (error: unknown): number | undefined =>
  (error as { statusCode?: number }).statusCode;

async function ask<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await within(CALL_MS, call());
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const status = statusOf(error);
    if (status === 401 || status === 403)
      throw new CommandError(`The Key Vault does not let this operator ${what}.`);
    throw new CommandError(`The Key Vault did not ${what} (${status ?? "no answer"}).`);
  }
}
