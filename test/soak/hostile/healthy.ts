import { BASE_DN, STAFF_OU } from "../../../local/samples.ts";
import { domainSid } from "./sids.ts";

export type Value = string | Buffer;
/** Attributes of an object as a directory sends them: names may come twice. */
export type Attributes = [name: string, values: Value[]][];

export const TARGET_SID = domainSid(1_234);
const OWN_SID = domainSid(1_105);
const TARGET_GUID = Buffer.from("8fe1b20c4477ff4b9a5d0102030405fe", "hex");
const CANARY_GUID = Buffer.from("00112233445566778899aabbccddeeff", "hex");
export const HEALTHY_NAME = `CN=Alex,${STAFF_OU}`;
const FILETIME_NOW = "134100000000000000";
/** The same moment as {@link FILETIME_NOW}. */
const DIRECTORY_TIME = "20251209160000.0Z";

export const rootDse = (): Attributes => [
  ["dnsHostName", ["dc1.corp.example"]],
  ["supportedControl", ["1.2.840.113556.1.4.319", "1.2.840.113556.1.4.2239"]],
  ["vendorName", []],
  ["defaultNamingContext", [BASE_DN]],
  ["namingContexts", [BASE_DN, `CN=Configuration,${BASE_DN}`]],
  ["currentTime", [DIRECTORY_TIME]],
  ["isSynchronized", ["TRUE"]],
  ["tokenGroups", [OWN_SID, domainSid(513)]],
];

/** The first one stands for the name of the entry itself. */
export const found = (): Attributes => [
  ["dn", [HEALTHY_NAME]],
  ["objectGUID", [TARGET_GUID]],
  ["objectSid", [TARGET_SID]],
  ["pwdLastSet", [FILETIME_NOW]],
  ["msDS-KeyVersionNumber", ["7"]],
  ["msDS-User-Account-Control-Computed", ["0"]],
  ["sAMAccountName", ["alex"]],
  ["displayName", ["Alex Moreau"]],
  ["userPrincipalName", ["alex@corp.example"]],
  ["userAccountControl", ["512"]],
  ["msDS-ResultantPSO", []],
];

export const canary = (): Attributes =>
  found().map(([name, values]) => [
    name,
    name === "objectGUID" ? [CANARY_GUID] : name === "objectSid" ? [domainSid(1_106)] : values,
  ]);

export const guarded = (): Attributes => [
  ["objectGUID", [TARGET_GUID]],
  ["objectSid", [TARGET_SID]],
  ["tokenGroups", [domainSid(513), domainSid(1_601), domainSid(1_602)]],
  ["distinguishedName", [HEALTHY_NAME]],
  ["objectClass", ["top", "person", "organizationalPerson", "user"]],
  ["primaryGroupID", ["513"]],
  ["sAMAccountName", ["alex"]],
  ["sAMAccountType", ["805306368"]],
  ["userAccountControl", ["512"]],
  ["adminCount", []],
  ["accountExpires", ["9223372036854775807"]],
  ["isCriticalSystemObject", []],
  ["msDS-SecondaryKrbTgtNumber", []],
  ["servicePrincipalName", []],
  ["msDS-AllowedToDelegateTo", []],
];

export const domainRules = (): Attributes => [
  ["minPwdLength", ["8"]],
  ["pwdProperties", ["1"]],
  ["pwdHistoryLength", ["5"]],
  ["minPwdAge", ["-864000000000"]],
  ["lockoutThreshold", ["5"]],
];

export const settingsRules = (): Attributes => [
  ["msDS-MinimumPasswordLength", ["16"]],
  ["msDS-PasswordComplexityEnabled", ["TRUE"]],
  ["msDS-PasswordHistoryLength", ["24"]],
  ["msDS-MinimumPasswordAge", ["0"]],
  ["msDS-LockoutThreshold", ["0"]],
];

export const rights = (): Attributes => [
  ["allowedAttributesEffective", ["lockoutTime", "pwdLastSet"]],
];
