import { createPrivateKey, X509Certificate } from "node:crypto";
import {
  type EnrolmentMembers,
  enrolmentFingerprint,
  signEnrolmentRequest,
} from "@password-writeback/protocol/enrolment.ts";
import { ConfigurationError } from "../configuration.ts";
import { replace } from "../privateFile.ts";
import type { OwnKey } from "./ownKeys.ts";

export interface Asked extends Pick<EnrolmentMembers, "id" | "connector"> {
  readonly key: OwnKey;
  /** RSA key and certificate in one text. */
  readonly pem: string;
}

/**
 * Writes the request that is carried to the operator. It holds no secret.
 * @returns the fingerprint that both people compare
 * @throws ConfigurationError where key and certificate do not belong together
 */
export async function writeEnrolmentRequest(file: string, asked: Asked): Promise<string> {
  const { id, connector, key, pem } = asked;
  try {
    const privateKey = createPrivateKey(pem);
    const certificate = new X509Certificate(pem);
    if (!certificate.checkPrivateKey(privateKey)) throw unusable();
    const members = {
      version: 1,
      id,
      connector,
      encryptionKey: key.open,
      certificate: certificate.toString(),
    } as const;
    const request = await signEnrolmentRequest(members, privateKey);
    await replace(file, `${JSON.stringify(request, null, 2)}\n`);
    return enrolmentFingerprint(members);
  } catch (error) {
    // What the file system says names the file and is worth more than a guess.
    throw (error as NodeJS.ErrnoException).syscall === undefined ? unusable() : error;
  }
}

const unusable = (): ConfigurationError =>
  new ConfigurationError(
    "entra.certificateFile: must hold an RSA private key and its certificate, both in PEM.",
  );
