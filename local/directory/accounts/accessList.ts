import { withoutChange } from "../../samba/securityDescriptor.ts";

/**
 * A self-relative security descriptor (MS-DTYP 2.4.6) with an access control list of no entries.
 */
const EMPTY = Buffer.from(
  [
    "0100",
    "0480",
    "00000000",
    "00000000",
    "00000000",
    "14000000",
    "0400",
    "0800",
    "0000",
    "0000",
  ].join(""),
  "hex",
);
const NOBODY_CHANGES = withoutChange(EMPTY);

/** As much of an entry's `nTSecurityDescriptor` as this directory has: who is denied to change. */
export const accessList = (mayChange: boolean): Buffer => (mayChange ? EMPTY : NOBODY_CHANGES);
