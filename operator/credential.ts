import {
  AzureCliCredential,
  ClientCertificateCredential,
  type TokenCredential,
} from "@azure/identity";
import { within } from "@password-writeback/protocol/within.ts";
import { OperatorError } from "./operatorError.ts";
import type { Profile } from "./profile.ts";

const MICROSOFT_AUTHORITY = /\.(?:microsoftonline\.com|microsoftonline\.us|chinacloudapi\.cn)$/;
/** Milliseconds that a token may take: `az` is slow to start. */
const TOKEN_MS = 30_000;

/** The operator: who is signed in with `az login`, or an application with its certificate. */
export function operatorCredential({ tenantId, authority, certificate }: Profile): TokenCredential {
  const credential = certificate
    ? new ClientCertificateCredential(
        tenantId,
        certificate.clientId,
        { certificatePath: certificate.file },
        {
          authorityHost: authority,
          disableInstanceDiscovery: !MICROSOFT_AUTHORITY.test(new URL(authority).hostname),
        },
      )
    : new AzureCliCredential({ tenantId, processTimeoutInMs: TOKEN_MS });
  const advice = certificate
    ? "Microsoft Entra gave no token for the certificate of the profile."
    : "There is no token: sign in with `az login`, to the tenant of the profile.";
  return {
    getToken: (scopes, options) =>
      within(TOKEN_MS, credential.getToken(scopes, options)).catch(() => {
        throw new OperatorError(advice);
      }),
  };
}
