import { join } from "node:path";
import { ProtocolError } from "@password-writeback/protocol/protocolError.ts";
import { type TrustList, verifyTrustList } from "@password-writeback/protocol/trustList.ts";
import { type Configuration, ConfigurationError } from "../configuration.ts";
import { openNumber } from "../dataDirectory.ts";
import { replace } from "../privateFile.ts";
import { readNamed } from "../secretFiles.ts";
import { HANDED_LIST } from "./takeHandedList.ts";

/**
 * Gives the agent a trust list by hand: the running one takes it with its next heartbeat. Older
 * lists are refused from now on, whoever brings them.
 * @throws ConfigurationError
 */
export async function handList(
  file: string,
  { rootKey, dataDirectory }: Pick<Configuration, "rootKey" | "dataDirectory">,
): Promise<TrustList> {
  const text = (await readNamed("LIST", file)).trim();
  const highest = await openNumber(dataDirectory, "trust-list-serial");
  const list = await verified(text, rootKey, highest.value);
  await replace(join(dataDirectory, HANDED_LIST), `${text}\n`);
  await highest.raise(list.serial);
  return list;
}

async function verified(
  text: string,
  rootKey: Configuration["rootKey"],
  lowest: number,
): Promise<TrustList> {
  try {
    return await verifyTrustList(text, rootKey, lowest);
  } catch (error) {
    const isOld = error instanceof ProtocolError && error.code === "trustListOutdated";
    throw new ConfigurationError(
      isOld
        ? `LIST: is older than list ${lowest}, which this agent has seen.`
        : "LIST: is no trust list that the operators' root key has signed.",
    );
  }
}
