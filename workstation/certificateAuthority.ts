import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { CommandError } from "./commandError.ts";

/**
 * Trusts a further certificate authority, besides those of this machine, until the process ends.
 * @param caFile PEM
 * @throws CommandError
 */
export function trustAlso(caFile: string): void {
  try {
    const pem = readFileSync(caFile, "utf8");
    setDefaultCACertificates([...getCACertificates("default"), pem]);
  } catch {
    throw new CommandError(`The certificate authority cannot be read: ${caFile}`);
  }
}
