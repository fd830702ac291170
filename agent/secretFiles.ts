import { readFile, stat } from "node:fs/promises";
import { type Configuration, ConfigurationError } from "./configuration.ts";

/** Permission bits of a file (POSIX). */
const GROUP_AND_OTHERS = 0o077;

/** The part of a configuration that names files with secrets. */
type Secrets = Pick<Configuration, "entra" | "directory">;

/**
 * Looks at the files that the configuration names, so that a wrong path, or a secret that others
 * may read, shows at the start and not at the first request.
 * @throws ConfigurationError
 */
export async function checkFiles({ entra, directory }: Secrets): Promise<void> {
  const pem = await readSecret("entra.certificateFile", entra.certificateFile);
  if (!/-----BEGIN CERTIFICATE-----/.test(pem) || !/-----BEGIN (RSA )?PRIVATE KEY-----/.test(pem))
    throw new ConfigurationError(
      "entra.certificateFile: must hold an RSA private key and its certificate, both in PEM.",
    );
  for (const [at, { passwordFile }] of directory.domains.entries())
    await readSecret(`directory.domains.${at}.passwordFile`, passwordFile);
}

/** Text of a file that a key of the configuration names. @throws ConfigurationError */
export async function readNamed(key: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new ConfigurationError(`${key}: the file cannot be read; check the path and its rights.`);
  }
}

/**
 * A password from its file, without the line end that editors put there. Whoever else may read the
 * file has the agent's rights: it is refused.
 * @throws ConfigurationError
 */
export async function readSecret(key: string, path: string): Promise<string> {
  await refuseOpenToOthers(key, path);
  const secret = (await readNamed(key, path)).replace(/\r?\n$/, "");
  if (secret === "") throw new ConfigurationError(`${key}: must not be empty.`);
  return secret;
}

/** By its mode, which says nothing on Windows: access is controlled by lists there. */
export const isOpenToOthers = ({ mode }: { readonly mode: number }): boolean =>
  process.platform !== "win32" && (mode & GROUP_AND_OTHERS) !== 0;

async function refuseOpenToOthers(key: string, path: string): Promise<void> {
  if (isOpenToOthers(await stat(path).catch(() => ({ mode: 0 }))))
    throw new ConfigurationError(
      `${key}: others than the agent's account may read the file; run chmod 600 on it.`,
    );
}
