import { Attribute, type Client } from "ldapts";

/** Bit of `userAccountControl` (MS-ADTS §2.2.16). */
const WORKSTATION_TRUST = 0x1000;
/** Days after which a group managed service account gets another password. */
const PASSWORD_INTERVAL = 30;

export interface NewMachine {
  /** Common name; `sAMAccountName` is the same with a `$`. */
  readonly name: string;
  /** Distinguished name of its parent. */
  readonly ou: string;
  readonly className: "computer" | "msDS-GroupManagedServiceAccount";
  /** 16 bytes of `mS-DS-ConsistencyGuid` in Base64. */
  readonly sourceAnchor?: string;
}

/**
 * Creates an account that is no person's, on a connection of the administrator.
 *
 * @returns its `sAMAccountName`
 */
export async function addMachineWith(client: Client, machine: NewMachine): Promise<string> {
  const { name, ou, className, sourceAnchor } = machine;
  const values: Readonly<Record<string, string | Buffer | undefined>> = {
    objectClass: className,
    sAMAccountName: `${name}$`,
    userAccountControl: String(WORKSTATION_TRUST),
    "msDS-ManagedPasswordInterval":
      className === "computer" ? undefined : String(PASSWORD_INTERVAL),
    "mS-DS-ConsistencyGuid":
      sourceAnchor === undefined ? undefined : Buffer.from(sourceAnchor, "base64"),
  };
  const attributes = Object.entries(values).flatMap(([type, value]) => {
    if (value === undefined) return [];
    return typeof value === "string"
      ? new Attribute({ type, values: [value] })
      : new Attribute({ type, values: [value] });
  });
  await client.add(`CN=${name},${ou}`, attributes);
  return `${name}$`;
}
