import { X509Certificate } from "node:crypto";
import { MAX_ENROLMENT_BYTES, rsaCertificate } from "@password-writeback/protocol/enrolment.ts";
import { CommandError } from "../../workstation/commandError.ts";
import { readTextFile } from "../../workstation/files.ts";

/**
 * Reads the certificate that a client signs in with: one, public, RSA of 2048 bits or more, in PEM,
 * as agents' are.
 * @param now milliseconds since 1970
 * @throws CommandError also for a file with a private key: that belongs on the client's host alone
 */
export async function takeCertificate(file: string, now: number): Promise<X509Certificate> {
  const text = await readTextFile(file, "certificate", MAX_ENROLMENT_BYTES);
  if (/PRIVATE KEY/i.test(text))
    throw new CommandError(
      `There is a private key in ${file}: give a file with the certificate alone. ` +
        "Nothing was done.",
    );
  const parsed = rsaCertificate.safeParse(text.trim());
  if (!parsed.success)
    throw new CommandError(`This is not one RSA certificate of 2048 bits or more in PEM: ${file}`);
  const certificate = new X509Certificate(parsed.data);
  if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime())
    throw new CommandError(`The certificate is not valid at this time: ${file}`);
  return certificate;
}
