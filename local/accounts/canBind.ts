import { InvalidCredentialsError } from "ldapts";
import { type DirectoryAddress, withConnection } from "./connect.ts";

/**
 * Answer to a bind: `ok`, or the data code of the refusal (MS-ERREF §2.2 in hexadecimal): `52e`
 * wrong password, `775` locked, `773` must change, `532` expired, `533` disabled, …
 */
export type BindAnswer = "ok" | string;

/**
 * Tries a password on a connection of its own. A wrong one counts towards a lockout.
 *
 * @throws what ldapts throws, if the directory cannot be asked
 */
export async function canBind(
  directory: DirectoryAddress,
  dn: string,
  password: string,
): Promise<BindAnswer> {
  try {
    await withConnection(directory, { dn, password }, async () => {});
    return "ok";
  } catch (error) {
    if (!(error instanceof InvalidCredentialsError)) throw error;
    return /, data ([0-9a-f]+)/i.exec(error.message)?.[1]?.toLowerCase() ?? "unknown";
  }
}
