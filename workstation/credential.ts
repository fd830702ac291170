import {
  AzureCliCredential,
  ClientCertificateCredential,
  type TokenCredential,
} from "@azure/identity";
import { within } from "@password-writeback/protocol/within.ts";
import { CommandError } from "./commandError.ts";
import { assertPrivate } from "./files.ts";
import type { Account } from "./profile.ts";
import { isMicrosoftAuthority } from "./signIn.ts";

/** Milliseconds that a token may take: `az` is slow to start. */
const TOKEN_MS = 30_000;

/**
 * Who is signed in with `az login`, or an application with its certificate. Its `getToken` throws
 * CommandError.
 * @throws CommandError for a private key that others may read
 */
export async function credentialOf(account: Account): Promise<TokenCredential> {
  const { tenantId, authority, certificate } = account;
  if (!certificate) return azureCliCredential(tenantId);
  await assertPrivate(certificate.file, "certificate");
  return explained(
    new ClientCertificateCredential(
      tenantId,
      certificate.clientId,
      { certificatePath: certificate.file },
      {
        authorityHost: authority,
        disableInstanceDiscovery: !isMicrosoftAuthority(authority),
      },
    ),
    "Microsoft Entra gave no token for the certificate of the profile.",
  );
}

/** Who is signed in with `az login`. Its `getToken` throws CommandError. */
export const azureCliCredential = (tenantId: string): TokenCredential =>
  explained(
    new AzureCliCredential({ tenantId, processTimeoutInMs: TOKEN_MS }),
    `There is no token: sign in with \`az login --tenant ${tenantId}\`.`,
  );

const explained = (credential: TokenCredential, advice: string): TokenCredential => ({
  getToken: (scopes, options) =>
    within(TOKEN_MS, credential.getToken(scopes, options)).catch(() => {
      throw new CommandError(advice);
    }),
});
