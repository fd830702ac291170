import { ClientCertificateCredential } from "@azure/identity";
import { within } from "@password-writeback/protocol/within.ts";
import { readSecret } from "./secretFiles.ts";

/** What the SDKs ask for tokens. */
export type Credential = Pick<ClientCertificateCredential, "getToken">;

export interface CredentialSettings {
  readonly tenantId: string;
  readonly entra: {
    readonly authority: string;
    readonly clientId: string;
    readonly certificateFile: string;
  };
}

const MICROSOFT_AUTHORITY = /\.(?:microsoftonline\.com|microsoftonline\.us|chinacloudapi\.cn)$/;

/**
 * The agent's service principal, by the certificate that lies in the file when a token is asked
 * for. Other authorities than Microsoft's know no instance discovery.
 */
export const agentCredential = ({ tenantId, entra }: CredentialSettings): Credential =>
  oncePerScope(
    byCertificate(
      () => readSecret("entra.certificateFile", entra.certificateFile),
      (certificate) =>
        new ClientCertificateCredential(
          tenantId,
          entra.clientId,
          { certificate },
          {
            authorityHost: entra.authority,
            disableInstanceDiscovery: !MICROSOFT_AUTHORITY.test(new URL(entra.authority).hostname),
          },
        ),
    ),
  );

/** The SDK keeps to the certificate that it used first; a new one takes a new credential. */
function byCertificate(
  read: () => Promise<string>,
  credentialOf: (pem: string) => Credential,
): Credential {
  let held: { readonly pem: string; readonly credential: Credential } | undefined;
  return {
    getToken: async (scopes, options) => {
      const pem = await read();
      if (held?.pem !== pem) held = { pem, credential: credentialOf(pem) };
      return held.credential.getToken(scopes, options);
    },
  };
}

/** Milliseconds for one token request; one that hangs must not stand in the way of the next. */
const TOKEN_MS = 10_000;

/**
 * Who asks while a token is being fetched waits for that one: links open side by side.
 * Its `getToken` also throws DeadlineError.
 */
export function oncePerScope(credential: Credential): Credential {
  const fetching = new Map<string, ReturnType<Credential["getToken"]>>();
  return {
    getToken: (scopes, options) => {
      const scope = [scopes].flat().join(" ");
      const known = fetching.get(scope);
      if (known) return known;
      const token = within(TOKEN_MS, credential.getToken(scopes, options)).finally(() =>
        fetching.delete(scope),
      );
      fetching.set(scope, token);
      return token;
    },
  };
}
