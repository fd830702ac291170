import { readIfThere, writeNew } from "../privateFile.ts";
import { selfSignedCertificate } from "./selfSignedCertificate.ts";

/**
 * The RSA key and certificate in a file, as one PEM text. Made where there is no such file: a key
 * is never replaced.
 * @param now milliseconds since 1970
 * @throws what the file system said
 */
export async function ownCertificate(file: string, id: string, now: number): Promise<string> {
  const found = await readIfThere(file);
  if (found !== undefined) return found;
  const { key, certificate } = await selfSignedCertificate(id, now);
  const pem = `${key}${certificate}\n`;
  await writeNew(file, pem);
  return pem;
}
