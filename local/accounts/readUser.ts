import { type Client, EqualityFilter } from "ldapts";
import type { LocalDirectory } from "../localDirectory.ts";
import { asAdministrator } from "./connect.ts";
import { guidDn, sidText } from "./identifiers.ts";
import { bytesOf, textOf } from "./values.ts";

/** Bits of `msDS-User-Account-Control-Computed` (MS-ADTS §3.1.1.4.5.17). */
export const LOCKED_OUT = 0x10;
export const PASSWORD_EXPIRED = 0x80_0000;

/** State of an account as the directory has it. */
export interface UserRecord {
  readonly dn: string;
  readonly objectGuid: Buffer;
  readonly sid: string;
  /** Base64; empty if the account has none. */
  readonly sourceAnchor: string;
  /** FILETIME: 100 ns since 1601; 0 means must change. */
  readonly pwdLastSet: bigint;
  /** FILETIME of the lockout, 0 or absent (0) if there was none. */
  readonly lockoutTime: bigint;
  readonly badPwdCount: number;
  /** One more with every password set. */
  readonly keyVersion: number;
  readonly userAccountControl: number;
  /** Flags that depend on the time: {@link LOCKED_OUT}, {@link PASSWORD_EXPIRED}. */
  readonly computed: number;
}

const BINARY = ["objectGUID", "objectSid", "mS-DS-ConsistencyGuid"];
const ATTRIBUTES = [
  ...BINARY,
  "pwdLastSet",
  "lockoutTime",
  "badPwdCount",
  "msDS-KeyVersionNumber",
  "userAccountControl",
  "msDS-User-Account-Control-Computed",
];

/** Reads one account by `sAMAccountName` or `objectGUID`, on a connection that is there already. */
export async function readUserWith(
  client: Client,
  baseDn: string,
  user: string | Buffer,
): Promise<UserRecord> {
  const { searchEntries } = await client.search(Buffer.isBuffer(user) ? guidDn(user) : baseDn, {
    scope: Buffer.isBuffer(user) ? "base" : "sub",
    filter: Buffer.isBuffer(user)
      ? "(objectClass=*)"
      : new EqualityFilter({ attribute: "sAMAccountName", value: user }),
    attributes: ATTRIBUTES,
    explicitBufferAttributes: BINARY,
  });
  const entry = searchEntries[0];
  if (!entry || searchEntries.length > 1) throw new Error(`${searchEntries.length} accounts found`);
  const number = (name: string): number => Number(textOf(entry, name) || "0");
  return {
    dn: entry.dn,
    objectGuid: bytesOf(entry, "objectGUID"),
    sid: sidText(bytesOf(entry, "objectSid")),
    sourceAnchor: bytesOf(entry, "mS-DS-ConsistencyGuid").toString("base64"),
    pwdLastSet: BigInt(textOf(entry, "pwdLastSet") || "0"),
    lockoutTime: BigInt(textOf(entry, "lockoutTime") || "0"),
    badPwdCount: number("badPwdCount"),
    keyVersion: number("msDS-KeyVersionNumber"),
    userAccountControl: number("userAccountControl"),
    computed: number("msDS-User-Account-Control-Computed"),
  };
}

/** {@link readUserWith} as the administrator. */
export const readUser = (directory: LocalDirectory, user: string | Buffer): Promise<UserRecord> =>
  asAdministrator(directory, (client) => readUserWith(client, directory.baseDn, user));
