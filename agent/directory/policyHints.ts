import { type BerWriter, Control } from "ldapts";
import type { RootDse } from "./rootDse.ts";

/** LDAP_SERVER_POLICY_HINTS_OID (MS-ADTS 3.1.1.3.4.1.27). */
export const POLICY_HINTS = "1.2.840.113556.1.4.2239";
/** Its deprecated name, all that servers before 2012 know. */
export const POLICY_HINTS_DEPRECATED = "1.2.840.113556.1.4.2066";

const OCTET_STRING = 0x04;
/** BER: SEQUENCE of one INTEGER, 1 = apply history and minimum age to a reset. */
const ENFORCE = Buffer.from([0x30, 0x03, 0x02, 0x01, 0x01]);

/**
 * Makes a reset obey password history and minimum age. Always critical: a server that does not
 * know it must refuse, since it would otherwise write without the policy.
 */
export class PolicyHints extends Control {
  constructor(oid: string) {
    super(oid, { critical: true });
  }

  protected override writeControl(writer: BerWriter): void {
    writer.writeBuffer(ENFORCE, OCTET_STRING);
  }
}

/** The control as this server knows it; undefined where it cannot enforce policy on a reset. */
export function policyHints({ supportedControls }: RootDse): PolicyHints | undefined {
  const oid = [POLICY_HINTS, POLICY_HINTS_DEPRECATED].find((known) => supportedControls.has(known));
  return oid === undefined ? undefined : new PolicyHints(oid);
}
