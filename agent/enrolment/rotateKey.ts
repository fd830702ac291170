import { readNamed } from "../secretFiles.ts";
import { makeOwnKey, ownKeys } from "./ownKeys.ts";
import { askAnew, type Rotated, type Rotation } from "./rotation.ts";

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
  return askAnew(configuration, key, pem);
}
