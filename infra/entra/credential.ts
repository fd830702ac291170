import { stat } from "node:fs/promises";
import {
  AzureCliCredential,
  ClientCertificateCredential,
  type TokenCredential,
} from "@azure/identity";
import { within } from "@password-writeback/protocol/within.ts";
import type { Profile } from "./profile.ts";
import { SetupError } from "./setupError.ts";

const MICROSOFT_AUTHORITY = /\.(?:microsoftonline\.com|microsoftonline\.us|chinacloudapi\.cn)$/;
/** Milliseconds that a token may take: `az` is slow to start. */
const TOKEN_MS = 30_000;

/**
 * Who is signed in with `az login`, or an application with its certificate.
 * @throws SetupError for a key that others may read
 */
export async function setupCredential(profile: Profile): Promise<TokenCredential> {
  const { tenantId, authority, certificate } = profile;
  if (!certificate)
    return explained(
      new AzureCliCredential({ tenantId, processTimeoutInMs: TOKEN_MS }),
      "There is no token: sign in with `az login`, to the tenant of the profile.",
    );
  await assertPrivate(certificate.file);
  return explained(
    new ClientCertificateCredential(
      tenantId,
      certificate.clientId,
      { certificatePath: certificate.file },
      {
        authorityHost: authority,
        disableInstanceDiscovery: !MICROSOFT_AUTHORITY.test(new URL(authority).hostname),
      },
    ),
    "Microsoft Entra gave no token for the certificate of the profile.",
  );
}

const explained = (credential: TokenCredential, advice: string): TokenCredential => ({
  getToken: (scopes, options) =>
    within(TOKEN_MS, credential.getToken(scopes, options)).catch(() => {
      throw new SetupError(advice);
    }),
});

/** Windows has no such bits. */
async function assertPrivate(file: string): Promise<void> {
  const { mode } = await stat(file).catch(() => {
    throw new SetupError(`The certificate cannot be read: ${file}`);
  });
  if (process.platform !== "win32" && (mode & 0o077) !== 0)
    throw new SetupError(`The certificate may be read by others than its owner: ${file}`);
}
