import { Attribute, type Client } from "ldapts";
import { type DomainPolicy, duration } from "./domainPolicy.ts";

/** Parent of the password settings objects; the domain's name follows. */
export const SETTINGS_CONTAINER = "CN=Password Settings Container,CN=System";

/** A whole policy of its own: nothing is taken from the domain's. */
export interface PasswordSettings extends Required<DomainPolicy> {
  readonly name: string;
  /** Distinguished names of users and global groups. */
  readonly appliesTo: readonly string[];
  /** The lowest wins. */
  readonly precedence: number;
}

const NEVER = "-9223372036854775808";

/** Makes a password settings object, on a connection of the administrator; it applies at once. */
export async function addPasswordSettingsWith(
  client: Client,
  baseDn: string,
  settings: PasswordSettings,
): Promise<string> {
  const dn = `CN=${settings.name},${SETTINGS_CONTAINER},${baseDn}`;
  const values: Readonly<Record<string, string>> = {
    "msDS-PasswordSettingsPrecedence": String(settings.precedence),
    "msDS-PasswordReversibleEncryptionEnabled": "FALSE",
    "msDS-PasswordComplexityEnabled": settings.complexity ? "TRUE" : "FALSE",
    "msDS-PasswordHistoryLength": String(settings.historyLength),
    "msDS-MinimumPasswordLength": String(settings.minimumLength),
    "msDS-MinimumPasswordAge": duration(settings.minimumAgeSeconds),
    "msDS-MaximumPasswordAge": NEVER,
    "msDS-LockoutThreshold": String(settings.lockoutThreshold),
    "msDS-LockoutObservationWindow": duration(settings.lockoutSeconds),
    "msDS-LockoutDuration": duration(settings.lockoutSeconds),
  };
  await client.add(dn, [
    new Attribute({ type: "objectClass", values: ["top", "msDS-PasswordSettings"] }),
    ...Object.entries(values).map(([type, value]) => new Attribute({ type, values: [value] })),
    new Attribute({ type: "msDS-PSOAppliesTo", values: [...settings.appliesTo] }),
  ]);
  return dn;
}
