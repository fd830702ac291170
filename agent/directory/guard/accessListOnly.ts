import { type BerWriter, Control } from "ldapts";

const OCTET_STRING = 0x04;
/** BER: SEQUENCE of one INTEGER, 4 = DACL_SECURITY_INFORMATION. */
const ACCESS_LIST = Buffer.from([0x30, 0x03, 0x02, 0x01, 0x04]);

/**
 * Asks of `nTSecurityDescriptor` for the access control list alone (LDAP_SERVER_SD_FLAGS_OID,
 * MS-ADTS 3.1.1.3.4.1.11): with the rest, the audit list, it is hidden from ordinary accounts. Not
 * critical: where the list cannot be had, the directory's own verdict on the write remains.
 */
export class AccessListOnly extends Control {
  static readonly OID = "1.2.840.113556.1.4.801";

  constructor() {
    super(AccessListOnly.OID);
  }

  protected override writeControl(writer: BerWriter): void {
    writer.writeBuffer(ACCESS_LIST, OCTET_STRING);
  }
}
