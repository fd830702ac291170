import { EqualityFilter } from "ldapts";
import type { Account } from "./account.ts";
import type { DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";
import type { FindSettings } from "./findAccount.ts";
import { findPerson, person } from "./findPerson.ts";

/**
 * The canary account of the probe, by UPN or by the text of its `objectGUID`.
 * @throws DirectoryError `canaryMissing`, `directoryUnreachable`
 */
export async function findCanary(
  connection: DirectoryConnection,
  canary: string,
  { baseDn }: FindSettings,
): Promise<Account> {
  const found = await findPerson(connection, baseDn, person(canaryFilter(canary)));
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
