import { rename } from "node:fs/promises";
import { type Configuration, ConfigurationError } from "../configuration.ts";
import { agentCredential } from "../credential.ts";
import { readNamed } from "../secretFiles.ts";
import { ownCertificate } from "./ownCertificate.ts";
import { makeOwnKey, ownKeys } from "./ownKeys.ts";
import { askAnew, type Rotated, type Rotation } from "./rotation.ts";

/** Where a certificate waits until the operator has added it to the agent's application. */
const nextCertificateFile = (certificateFile: string): string => `${certificateFile}.next`;

/**
 * Makes a new RSA key and certificate beside those in use and writes the request for the operator,
 * with the newest encryption key. `useNextCertificate` puts them in use.
 * @param now milliseconds since 1970
 * @throws ConfigurationError, or what the file system said
 */
export async function rotateCertificate(configuration: Rotated, now: number): Promise<Rotation> {
  const { agentId, entra, keyFolder } = configuration;
  const [key = await makeOwnKey(keyFolder, now / 1_000)] = await ownKeys(keyFolder);
  const pem = await ownCertificate(nextCertificateFile(entra.certificateFile), agentId, now);
  return askAnew(configuration, key, pem);
}

/** What it takes to try a certificate. */
export type Tried = Pick<Configuration, "tenantId" | "entra" | "api">;

/**
 * Puts the waiting certificate in the place of the one in use, once Entra issues a token for it:
 * the agent that runs takes it for its next token.
 * @throws ConfigurationError where Entra does not: nothing has changed then
 */
export async function useNextCertificate({ tenantId, entra, api }: Tried): Promise<void> {
  const next = nextCertificateFile(entra.certificateFile);
  await readNamed("--use-certificate", next);
  const credential = agentCredential({ tenantId, entra: { ...entra, certificateFile: next } });
  await credential.getToken(api.scope).catch(() => {
    throw new ConfigurationError(
      "--use-certificate: Entra issues no token for the new certificate. " +
        "Add it to the agent's application, wait some minutes, and try again.",
    );
  });
  await rename(next, entra.certificateFile);
}
