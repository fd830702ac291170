/** Milliseconds since 1970 of a FILETIME (MS-DTYP 2.3.3), reckoned apart from the agent's code. */
export const unixMs = (fileTime: bigint): number =>
  Number(fileTime / 10_000n - 11_644_473_600_000n);
