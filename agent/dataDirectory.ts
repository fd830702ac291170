import { join } from "node:path";
import { ConfigurationError } from "./configuration.ts";
import { Journal, type JournalClock } from "./journal/journal.ts";
import { DamagedNumberError, GrowingNumber } from "./trust/growingNumber.ts";

/** What the agent keeps on disk, and what an operator does with a damaged file of it. */
const FILES = {
  "trust-list-serial":
    "write the serial number of the trust list in force into it. Do not delete it: " +
    "the agent would accept an older trust list",
  "heartbeat-counter": "delete it; the agent starts it anew from the time",
} as const;

/**
 * A number in the data directory, which is made where it is missing.
 * @throws ConfigurationError
 */
export async function openNumber(
  dataDirectory: string,
  file: keyof typeof FILES,
): Promise<GrowingNumber> {
  try {
    return await GrowingNumber.open(join(dataDirectory, file));
  } catch (error) {
    throw new ConfigurationError(
      error instanceof DamagedNumberError
        ? `dataDirectory: its file ${file} is damaged; ${FILES[file]}.`
        : unusable(file),
    );
  }
}

/**
 * The journal in the data directory, with what it knows from before.
 * @throws ConfigurationError
 */
export async function openJournal(dataDirectory: string, clock: JournalClock): Promise<Journal> {
  try {
    return await Journal.open(join(dataDirectory, "journal"), clock);
  } catch {
    throw new ConfigurationError(unusable("journal"));
  }
}

const unusable = (name: string): string =>
  `dataDirectory: ${name} cannot be read and written there; name a folder that the agent's ` +
  "account may make, or read and write, on a disk that is not full.";
