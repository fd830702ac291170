import { readFile } from "node:fs/promises";
import { type Configuration, ConfigurationError } from "./configuration.ts";

/**
 * Looks at the files that the configuration names, so that a wrong path shows at the start and not
 * at the first request.
 * @throws ConfigurationError
 */
export async function checkFiles({ entra, directory }: Configuration): Promise<void> {
  const pem = await readNamed("entra.certificateFile", entra.certificateFile);
  if (!/-----BEGIN CERTIFICATE-----/.test(pem) || !/-----BEGIN (RSA )?PRIVATE KEY-----/.test(pem))
    throw new ConfigurationError(
      "entra.certificateFile: must hold an RSA private key and its certificate, both in PEM.",
    );
  if ((await readSecret(directory.passwordFile)) === "")
    throw new ConfigurationError("directory.passwordFile: must not be empty.");
}

/** Text of a file that a key of the configuration names. @throws ConfigurationError */
export async function readNamed(key: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new ConfigurationError(`${key}: the file cannot be read; check the path and its rights.`);
  }
}

/** A password from its file, without the line end that editors put there. */
export async function readSecret(path: string): Promise<string> {
  return (await readNamed("directory.passwordFile", path)).replace(/\r?\n$/, "");
}
