import { dirname, join } from "node:path";
import type { Configuration } from "../configuration.ts";
import { writeEnrolmentRequest } from "./enrolmentRequest.ts";
import { NAMES } from "./newConfiguration.ts";
import type { OwnKey } from "./ownKeys.ts";

/** The part of a configuration that a rotation needs. */
export type Rotated = Pick<Configuration, "agentId" | "connector" | "entra" | "keyFolder">;

/** A request for the operator that names what is new. */
export interface Rotation {
  /** What both people compare before the new key is trusted. */
  readonly fingerprint: string;
  readonly requestFile: string;
}

/**
 * Writes the request anew, beside the certificate.
 * @param pem RSA key and certificate in one text
 * @throws ConfigurationError, or what the file system said
 */
export async function askAnew(
  { agentId: id, connector, entra }: Rotated,
  key: OwnKey,
  pem: string,
): Promise<Rotation> {
  const requestFile = join(dirname(entra.certificateFile), NAMES.request);
  const fingerprint = await writeEnrolmentRequest(requestFile, { id, connector, key, pem });
  return { fingerprint, requestFile };
}
