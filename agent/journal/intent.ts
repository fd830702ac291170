import type { Write } from "../directory/write.ts";
import type { Intent } from "./entry.ts";

/**
 * What is known right before a write is sent.
 * @param at milliseconds since 1970 by this machine
 */
export const intentOf = (server: string, write: Write, mustChange: boolean, at: number): Intent => {
  const { dn, keyVersion, pwdLastSet, locked } = write.account;
  const { told, evidence } = write;
  return {
    operation: write.operation,
    server,
    account: dn,
    mustChange,
    ...(keyVersion !== undefined && { keyVersion: keyVersion.toString() }),
    ...(pwdLastSet !== undefined && { pwdLastSet: pwdLastSet.toString() }),
    ...(locked !== undefined && { locked }),
    ...(told && { told }),
    ...(evidence?.resent && { resent: true }),
    at,
  };
};

/**
 * When it was sent. A second send keeps the time of the first: either may have taken effect.
 * @param directoryTime FILETIME by the domain controller's clock, where it is known
 */
export const sentAt = (
  directoryTime: bigint | undefined,
  first: string | undefined,
): Intent["sent"] =>
  directoryTime === undefined
    ? undefined
    : { first: first ?? directoryTime.toString(), last: directoryTime.toString() };
