import { AndFilter, type Entry, EqualityFilter } from "ldapts";
import { ACCOUNT_ATTRIBUTES, type Account, BINARY_ATTRIBUTES, readAccount } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import { domainName } from "./domainName.ts";
import { text } from "./entry.ts";

/** What is read of an account to make sure that it is the one that was meant. */
export interface Found {
  readonly account: Account;
  readonly userPrincipalName: string | undefined;
}

const UPN = "userPrincipalName";
const SIZE_LIMIT_EXCEEDED = 4;

/** Filters are built as objects with the raw bytes: as text, bytes from 0x80 would be corrupted. */
export const person = (anchor: EqualityFilter): AndFilter =>
  new AndFilter({
    filters: [
      anchor,
      new EqualityFilter({ attribute: "objectCategory", value: "person" }),
      new EqualityFilter({ attribute: "objectClass", value: "user" }),
    ],
  });

/**
 * The one user whom a filter finds, with everything that is to be known before a write, in one
 * search.
 * @throws DirectoryError `directoryUserMismatch`: of another domain than the domain controller,
 * `directoryUserAmbiguous`: more than two, `directoryUnreachable`
 */
export async function findPerson(
  connection: DirectoryConnection,
  baseDn: string,
  filter: AndFilter,
): Promise<Found | "ambiguous" | undefined> {
  const attributes = [...ACCOUNT_ATTRIBUTES, UPN];
  const [entry, ...more] = await findPeople(connection, baseDn, filter, attributes);
  if (more.length > 0) return "ambiguous";
  const account = entry && readAccount(entry);
  if (!account) return undefined;
  const { server, domain } = connection.rootDse;
  // An attribute that calls itself so takes the name's place. Typed as text, it may be bytes then.
  const dn: unknown = entry.dn;
  const named = typeof dn === "string" ? domainName(dn) : undefined;
  // Its own domain's controllers alone know its policy, and take its writes.
  if (domain === undefined || named === undefined || named !== domainName(domain))
    throw new DirectoryError("directoryUserMismatch", { server });
  return { account, userPrincipalName: text(entry, UPN) };
}

/**
 * At most two of those whom a filter finds.
 * @throws DirectoryError `directoryUserAmbiguous`: more than two, `directoryUnreachable`
 */
export async function findPeople(
  connection: DirectoryConnection,
  baseDn: string,
  filter: AndFilter,
  attributes: string[],
): Promise<readonly Entry[]> {
  try {
    return await connection.search(baseDn, {
      scope: "sub",
      filter,
      attributes,
      explicitBufferAttributes: BINARY_ATTRIBUTES,
      sizeLimit: 2,
    });
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    if (error.evidence.resultCode !== SIZE_LIMIT_EXCEEDED) throw error;
    throw new DirectoryError("directoryUserAmbiguous", { server: connection.rootDse.server });
  }
}
