import type { TokenCredential } from "@azure/identity";
import { CryptographyClient, KeyClient } from "@azure/keyvault-keys";
import type { RemoteSigner } from "@password-writeback/protocol/signedObject.ts";
import { timeLimit } from "../timeLimit.ts";

/** What the functions' identity may do in the Key Vault: sign, and read the root key's tag. */
export interface Vault {
  /** Signs with one version of the signing key; `kid` is its full identifier. */
  signer(kid: string): RemoteSigner;
  /** Serial of the newest trust list, as the operators wrote it on the root key; 0 if none. */
  newestSerial(): Promise<number>;
}

/** Milliseconds that one try of a vault call may take. */
const TRY_MS = 5_000;
/** Host names of Key Vault in Azure's clouds. */
const AZURE_VAULTS = /\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)$/;

/** @param url of the vault, without a trailing slash */
export function openVault(url: string, rootKeyName: string, credential: TokenCredential): Vault {
  const options = {
    retryOptions: { maxRetries: 2, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 },
    ...timeLimit(TRY_MS),
    // The SDK refuses challenges for vaults outside Azure's own domains.
    disableChallengeResourceVerification: !AZURE_VAULTS.test(new URL(url).hostname),
  };
  const keys = new KeyClient(url, credential, options);
  return {
    signer: (kid) => {
      if (!kid.startsWith(`${url}/keys/`)) throw new Error("a signing key of another vault");
      const client = new CryptographyClient(kid, credential, options);
      return {
        kid,
        sign: async (data) => (await client.signData("ES256", data)).result,
      };
    },
    newestSerial: async () => {
      const serial = Number((await keys.getKey(rootKeyName)).properties.tags?.serial ?? 0);
      if (!Number.isSafeInteger(serial) || serial < 0) throw new Error("root key tag: serial");
      return serial;
    },
  };
}
