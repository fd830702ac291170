/** How values of an attribute are compared (MS-ADTS 3.1.1.2.2.4). */
export type Syntax = "text" | "octets" | "sid" | "integer" | "boolean" | "dn" | "oid" | "time";

/**
 * Who sees and writes an attribute:
 * `normal`; `system`: only the directory writes it; `local`: system, and not replicated, so that
 * it leaves no stamp; `computed`: built on request, never stored; `hidden`: never returned.
 */
export type Nature = "normal" | "system" | "local" | "computed" | "hidden";

export interface AttributeType {
  /** Spelling of the schema, which answers use. */
  readonly name: string;
  readonly syntax: Syntax;
  readonly single: boolean;
  readonly nature: Nature;
  /** Internal identifier (ATTRTYP), as it appears in diagnostics and replication metadata. */
  readonly id: number | undefined;
}

/** Lines of: syntax, `1` value or many `*`, nature, then names, each with its ATTRTYP if known. */
const TABLE = `
text 1 normal cn:3 sn:4 c:6 l:7 st:8 street:9 title:c description:d postalCode:11
text 1 normal telephoneNumber:14 givenName:2a displayName:2000d co:20083 department:2008d
text 1 normal company:20092 mail ou:b employeeID:90023 info:20051 mobile
text 1 normal employeeNumber employeeType initials:2b physicalDeliveryOfficeName:13
text 1 normal sAMAccountName:900dd userPrincipalName:90290 dNSHostName:9026b homePhone
text 1 normal extensionAttribute1 extensionAttribute2 extensionAttribute3 extensionAttribute4
text 1 normal scriptPath:9003e profilePath:9008b homeDirectory:9002c dc uid
text * normal proxyAddresses:200d2 servicePrincipalName:90303 otherMailbox keywords url
text 1 system name:90001
octets 1 normal mS-DS-ConsistencyGuid:90550 logonHours:90040 userParameters:9008a
octets * normal userPassword:23 userCertificate:24
octets 1 system objectGUID:90002 invocationId:20073
octets 1 hidden unicodePwd:9005a dBCSPwd:90037 ntPwdHistory:9005e lmPwdHistory:900a0
octets 1 hidden supplementalCredentials:9007d
octets 1 computed replPropertyMetaData:90003 nTSecurityDescriptor:20119
sid 1 system objectSid:90092
sid * computed tokenGroups
integer 1 normal userAccountControl:90008 primaryGroupID:90062 groupType:902ee
integer 1 normal accountExpires:9009f adminCount:90096 pwdLastSet:90060 lockoutTime:90296
integer 1 normal minPwdLength:9004f pwdHistoryLength:9005f pwdProperties:9005d minPwdAge:9004e
integer 1 normal maxPwdAge:9004a lockoutThreshold:90049 lockoutDuration:9003c countryCode:90019
integer 1 normal lockOutObservationWindow:9003d codePage:90010 msDS-SupportedEncryptionTypes
integer 1 normal msDS-PasswordSettingsPrecedence msDS-MinimumPasswordLength msDS-LockoutDuration
integer 1 normal msDS-PasswordHistoryLength msDS-MinimumPasswordAge msDS-MaximumPasswordAge
integer 1 normal msDS-LockoutThreshold msDS-LockoutObservationWindow
integer 1 normal msDS-ManagedPasswordInterval
integer 1 system sAMAccountType:9012e instanceType:20001 systemFlags:90177
integer 1 system msDS-Behavior-Version uSNCreated:20013 uSNChanged:20078
integer 1 local badPwdCount:9000c badPasswordTime:90031 lastLogon:90034 logonCount:900a9
integer 1 computed msDS-KeyVersionNumber msDS-User-Account-Control-Computed
integer 1 computed msDS-UserPasswordExpiryTimeComputed
boolean 1 normal msDS-PasswordComplexityEnabled msDS-PasswordReversibleEncryptionEnabled
boolean 1 normal showInAdvancedViewOnly:200a9
boolean 1 system isCriticalSystemObject:90364
dn 1 normal manager managedBy:9028d fSMORoleOwner:90171
dn * normal member:1f msDS-PSOAppliesTo
dn 1 system distinguishedName:31 objectCategory:9030e
dn * computed memberOf:20066
dn 1 computed msDS-ResultantPSO
oid * system objectClass:0
oid * computed allowedAttributesEffective
time 1 system whenCreated:20002 whenChanged:20003
`;

const types = new Map<string, AttributeType>();

for (const line of TABLE.trim().split("\n")) {
  const [syntax, count, nature, ...names] = line.split(" ");
  for (const item of names) {
    const [name = "", id] = item.split(":");
    types.set(name.toLowerCase(), {
      name,
      syntax: syntax as Syntax,
      single: count === "1",
      nature: nature as Nature,
      id: id === undefined ? undefined : Number.parseInt(id, 16),
    });
  }
}

/** Looked up by name in lower case; undefined if the schema has no such attribute. */
export const attributeType = (key: string): AttributeType | undefined => types.get(key);

export const attributeTypes = (): Iterable<[key: string, type: AttributeType]> => types;

/** Name in lower case, without options such as `;binary` or `;range=0-*`. */
export function attributeKey(description: string): string {
  const options = description.indexOf(";");
  return (options < 0 ? description : description.slice(0, options)).toLowerCase();
}
