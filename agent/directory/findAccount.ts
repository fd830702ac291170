import type { Target } from "@password-writeback/protocol/request.ts";
import { type AndFilter, EqualityFilter } from "ldapts";
import type { Account } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import { findPeople, findPerson, person } from "./findPerson.ts";

/** Attribute that holds the source anchor of this forest's users. */
export type AnchorAttribute = "mS-DS-ConsistencyGuid" | "objectGUID";

export interface FindSettings {
  readonly baseDn: string;
  readonly sourceAnchorAttribute: AnchorAttribute;
  /** Whether the UPN must be the one that the cloud knows. */
  readonly checkUserPrincipalName?: boolean;
}

/**
 * The one user with the target's source anchor, and everything that is to be known of it before a
 * write, in one search.
 * @throws DirectoryError `directoryUserNotFound`, `directoryUserAmbiguous`,
 * `directoryUserMismatch` (the SID, or the UPN where that counts, is not the one that the cloud
 * knows, or the account is of another domain than the domain controller), `directoryUnreachable`
 */
export async function findAccount(
  connection: DirectoryConnection,
  target: Target,
  settings: FindSettings,
): Promise<Account> {
  const { server } = connection.rootDse;
  const found = await findPerson(connection, settings.baseDn, withAnchor(target, settings));
  if (found === "ambiguous") throw new DirectoryError("directoryUserAmbiguous", { server });
  if (!found) throw new DirectoryError("directoryUserNotFound", { server });
  const { account, userPrincipalName } = found;
  const isMeant =
    (target.sid === undefined || account.sid === target.sid) &&
    (!settings.checkUserPrincipalName || isSameName(userPrincipalName, target.userPrincipalName));
  if (!isMeant) throw new DirectoryError("directoryUserMismatch", { server });
  return account;
}

/**
 * How many users of a domain have the target's source anchor; 2 stands for all that are more.
 * @throws DirectoryError `directoryUnreachable`
 */
export async function countMatches(
  connection: DirectoryConnection,
  target: Target,
  settings: FindSettings,
): Promise<number> {
  const { baseDn } = settings;
  const found = await findPeople(connection, baseDn, withAnchor(target, settings), ["objectGUID"]);
  return Math.min(2, found.length);
}

const withAnchor = (target: Target, settings: FindSettings): AndFilter =>
  person(
    new EqualityFilter({
      attribute: settings.sourceAnchorAttribute,
      value: Buffer.from(target.sourceAnchor, "base64"),
    }),
  );

/** As the directory compares them: without regard to letter case. */
const isSameName = (one: string | undefined, other: string): boolean =>
  one?.normalize("NFC").toLowerCase() === other.normalize("NFC").toLowerCase();
