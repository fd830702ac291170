import { type BerWriter, Control } from "ldapts";

/** Makes a reset obey the password history and age (MS-ADTS §3.1.1.3.4.1.27); 2012 and later. */
export const POLICY_HINTS = "1.2.840.113556.1.4.2239";

/** The same under its older name. */
export const POLICY_HINTS_DEPRECATED = "1.2.840.113556.1.4.2066";

/** `SEQUENCE { INTEGER 1 }`: enforce. */
const ENFORCE = Buffer.from([0x30, 3, 2, 1, 1]);
const OCTET_STRING = 0x04;

export class PolicyHints extends Control {
  constructor(oid: string = POLICY_HINTS, critical = true) {
    super(oid, { critical });
  }

  protected override writeControl(writer: BerWriter): void {
    writer.writeBuffer(ENFORCE, OCTET_STRING);
  }
}
