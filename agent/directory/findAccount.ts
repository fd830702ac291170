import type { Target } from "@password-writeback/protocol/request.ts";
import { AndFilter, type Entry, EqualityFilter } from "ldapts";
import { ACCOUNT_ATTRIBUTES, type Account, BINARY_ATTRIBUTES, readAccount } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import { domainName } from "./domainName.ts";
import { text } from "./entry.ts";

/** Attribute that holds the source anchor of this forest's users. */
export type AnchorAttribute = "mS-DS-ConsistencyGuid" | "objectGUID";

export interface FindSettings {
  readonly baseDn: string;
  readonly sourceAnchorAttribute: AnchorAttribute;
  /** Whether the UPN must be the one that the cloud knows. */
  readonly checkUserPrincipalName?: boolean;
}

/** What is read of an account to make sure that it is the one that was meant. */
interface Found {
  readonly account: Account;
  readonly userPrincipalName: string | undefined;
}

const UPN = "userPrincipalName";
const SIZE_LIMIT_EXCEEDED = 4;

/** Filters are built as objects with the raw bytes: as text, bytes from 0x80 would be corrupted. */
const person = (anchor: EqualityFilter): AndFilter =>
  new AndFilter({
    filters: [
      anchor,
      new EqualityFilter({ attribute: "objectCategory", value: "person" }),
      new EqualityFilter({ attribute: "objectClass", value: "user" }),
    ],
  });

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
  const found = await search(connection, settings, withAnchor(target, settings));
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
  const filter = withAnchor(target, settings);
  return Math.min(2, (await entriesOf(connection, settings, filter, ["objectGUID"])).length);
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

/**
 * The canary account of the probe, by UPN or by the text of its `objectGUID`.
 * @throws DirectoryError `canaryMissing`, `directoryUnreachable`
 */
export async function findCanary(
  connection: DirectoryConnection,
  canary: string,
  settings: FindSettings,
): Promise<Account> {
  const found = await search(connection, settings, person(canaryFilter(canary)));
  if (found && found !== "ambiguous") return found.account;
  throw new DirectoryError("canaryMissing", { server: connection.rootDse.server });
}

const canaryFilter = (canary: string): EqualityFilter =>
  canary.includes("@")
    ? new EqualityFilter({ attribute: "userPrincipalName", value: canary })
    : new EqualityFilter({ attribute: "objectGUID", value: guidBytes(canary) });

function guidBytes(guid: string): Buffer {
  const raw = Buffer.from(guid.replaceAll("-", ""), "hex");
  raw.subarray(0, 4).reverse();
  raw.subarray(4, 6).reverse();
  raw.subarray(6, 8).reverse();
  return raw;
}

async function search(
  connection: DirectoryConnection,
  settings: FindSettings,
  filter: AndFilter,
): Promise<Found | "ambiguous" | undefined> {
  const attributes = [...ACCOUNT_ATTRIBUTES, UPN];
  const [entry, ...more] = await entriesOf(connection, settings, filter, attributes);
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

/** @throws DirectoryError `directoryUserAmbiguous`: more than two, `directoryUnreachable` */
async function entriesOf(
  connection: DirectoryConnection,
  { baseDn }: FindSettings,
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
