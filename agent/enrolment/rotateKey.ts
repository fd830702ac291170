import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Configuration } from "../configuration.ts";
import { readNamed } from "../secretFiles.ts";
import { makeOwnKey, ownKeys } from "./encryptionKeys.ts";
import { writeEnrolmentRequest } from "./enrolmentRequest.ts";
import { NAMES } from "./newConfiguration.ts";
import { readIfThere, writeNew } from "./privateFile.ts";
import { selfSignedCertificate } from "./selfSignedCertificate.ts";

/** The part of a configuration that a rotation needs. */
export type Rotated = Pick<Configuration, "agentId" | "connector" | "entra" | "keyFolder">;

export interface Rotation {
  /** What both people compare before the new key is trusted. */
  readonly fingerprint: string;
  readonly requestFile: string;
}

/** Where a certificate waits until the operator has added it to the agent's application. */
export const nextCertificateFile = (certificateFile: string): string => `${certificateFile}.next`;

/**
 * Makes a new encryption key beside the one in use and writes the request for the operator. The
 * agent that runs needs no restart: it opens with both until the trust list names the new one, and
 * for an hour more. Repeated before that, it writes the same request again.
 * @param now milliseconds since 1970
 * @throws ConfigurationError, or what the file system said
 */
export async function rotateKey(configuration: Rotated, now: number): Promise<Rotation> {
  const { entra, keyFolder } = configuration;
  const [newest, ...older] = await ownKeys(keyFolder);
  const isWaiting = newest !== undefined && older.length > 0;
  const key = isWaiting ? newest : await makeOwnKey(keyFolder, now / 1_000);
  const pem = await readNamed("entra.certificateFile", entra.certificateFile);
  return ask(configuration, key, pem);
}

/**
 * Makes a new RSA key and certificate beside those in use and writes the request for the operator,
 * with the newest encryption key. `useNextCertificate` puts them in use.
 * @param now milliseconds since 1970
 * @throws ConfigurationError, or what the file system said
 */
export async function rotateCertificate(configuration: Rotated, now: number): Promise<Rotation> {
  const { agentId, entra, keyFolder } = configuration;
  const file = nextCertificateFile(entra.certificateFile);
  const [key = await makeOwnKey(keyFolder, now / 1_000)] = await ownKeys(keyFolder);
  const waiting = await readIfThere(file);
  if (waiting !== undefined) return ask(configuration, key, waiting);
  const made = await selfSignedCertificate(agentId, now);
  const pem = `${made.key}${made.certificate}`;
  await writeNew(file, pem);
  return ask(configuration, key, pem);
}

/** Puts the waiting certificate in the place of the one in use; the agent's next start reads it. */
export async function useNextCertificate({ entra }: Rotated): Promise<void> {
  const next = nextCertificateFile(entra.certificateFile);
  await readNamed("--use-certificate", next);
  await rename(next, entra.certificateFile);
}

async function ask(
  { agentId: id, connector, entra }: Rotated,
  key: Awaited<ReturnType<typeof makeOwnKey>>,
  pem: string,
): Promise<Rotation> {
  const requestFile = join(dirname(entra.certificateFile), NAMES.request);
  const fingerprint = await writeEnrolmentRequest(requestFile, { id, connector, key, pem });
  return { fingerprint, requestFile };
}
