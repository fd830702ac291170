import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TrustList, verifyTrustList } from "@password-writeback/protocol/trustList.ts";
import type { TrustState } from "./trustState.ts";

/** Where a list lies that an operator gave by hand, in the data directory. */
export const HANDED_LIST = "trust-list.jws";

/**
 * Takes the list that an operator gave by hand, where there is one that is newer than what the
 * agent has.
 * @returns the list, where it was taken just now
 * @throws ProtocolError `trustListInvalid`: it is not signed by the root key
 */
export async function takeHandedList(
  dataDirectory: string,
  trust: TrustState,
): Promise<TrustList | undefined> {
  const jws = await readFile(join(dataDirectory, HANDED_LIST), "utf8").catch(() => undefined);
  if (jws === undefined) return undefined;
  const list = await verifyTrustList(jws.trim(), trust.rootKey, 0);
  if (list.serial < trust.serial || list.serial === trust.list?.serial) return undefined;
  return (await trust.adopt(list)) ? list : undefined;
}
