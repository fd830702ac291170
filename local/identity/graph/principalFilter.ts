import type { JsonRequest } from "../../http/jsonServer.ts";
import { GraphError } from "./graphCall.ts";

/**
 * Who is asked about, by the one form of `$filter` that is understood: `principalId eq '…'`, as it
 * was written: texts are compared letter by letter.
 * @throws GraphError for every other form, and for none
 */
export function principalAskedFor({ query }: JsonRequest): string {
  const id = /^principalId eq '([\da-f-]{36})'$/i.exec(query.get("$filter") ?? "")?.[1];
  if (id === undefined) throw new GraphError(400, "BadRequest", "Invalid filter clause.");
  return id;
}

/** @throws GraphError as Graph answers without a licence for Privileged Identity Management */
export function checkLicence(isLicensed: boolean): void {
  if (!isLicensed)
    throw new GraphError(
      400,
      "AadPremiumLicenseRequired",
      "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    );
}
