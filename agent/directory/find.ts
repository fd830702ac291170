import type { Target } from "@password-writeback/protocol/request.ts";
import { AndFilter, EqualityFilter } from "ldapts";
import { ACCOUNT_ATTRIBUTES, type Account, BINARY_ATTRIBUTES, readAccount } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";

/** Attribute that holds the source anchor of this forest's users. */
export type AnchorAttribute = "mS-DS-ConsistencyGuid" | "objectGUID";

export interface FindSettings {
  readonly baseDn: string;
  readonly sourceAnchorAttribute: AnchorAttribute;
}

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
 * `directoryUserMismatch` (the SID is not the one that the cloud knows), `directoryUnreachable`
 */
export async function findAccount(
  connection: DirectoryConnection,
  target: Target,
  settings: FindSettings,
): Promise<Account> {
  const { server } = connection.rootDse;
  const found = await search(
    connection,
    settings,
    person(
      new EqualityFilter({
        attribute: settings.sourceAnchorAttribute,
        value: Buffer.from(target.sourceAnchor, "base64"),
      }),
    ),
  );
  if (found === "ambiguous") throw new DirectoryError("directoryUserAmbiguous", { server });
  if (!found) throw new DirectoryError("directoryUserNotFound", { server });
  if (target.sid !== undefined && found.sid !== target.sid)
    throw new DirectoryError("directoryUserMismatch", { server });
  return found;
}

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
  if (found && found !== "ambiguous") return found;
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
): Promise<Account | "ambiguous" | undefined> {
  const entries = await connection.search(settings.baseDn, {
    scope: "sub",
    filter,
    attributes: ACCOUNT_ATTRIBUTES,
    explicitBufferAttributes: BINARY_ATTRIBUTES,
    sizeLimit: 2,
  });
  if (entries.length > 1) return "ambiguous";
  return entries[0] && readAccount(entries[0]);
}
