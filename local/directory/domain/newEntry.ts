import { randomBytes } from "node:crypto";
import { Secret } from "../accounts/secret.ts";
import { accountType, NEW_USER_CONTROL } from "../accounts/userAccountControl.ts";
import { NEVER } from "../fileTime.ts";
import type { Rdn } from "../names/distinguishedName.ts";
import { classChain, classType } from "../schema/classes.ts";
import { type Attributes, Entry } from "../store/entry.ts";

const GLOBAL_SECURITY_GROUP = -0x7fff_fffe;
const GROUP_ACCOUNT = 0x1000_0000;
const LOCAL_GROUP_ACCOUNT = 0x2000_0000;
const LOCAL_GROUP_FLAG = 0x4;
const DOMAIN_USERS = 513;

const text = (value: string | number | bigint): Buffer[] => [Buffer.from(String(value))];

export interface NewEntry {
  readonly rdn: Rdn;
  readonly parent: Entry;
  readonly className: string;
  readonly configurationDn: string;
  /** Values that the maker gives; they win over the defaults. */
  readonly given?: Attributes;
  readonly sid?: Buffer;
  readonly isContextHead?: boolean;
}

/** Whether objects of a class are security principals: they have a SID and an account name. */
export function isPrincipal(className: string): boolean {
  const chain = classChain(className);
  return chain.includes("user") || chain.includes("group");
}

/** A complete entry, not yet in the store: given values, what the class brings, what is derived. */
export function newEntry(from: NewEntry): Entry {
  const attributes: Attributes = new Map(from.given);
  const defaults = (name: string, value: string | number | bigint): void => {
    if (!attributes.has(name)) attributes.set(name, text(value));
  };
  const chain = classChain(from.className);
  const category = classType(from.className)?.category ?? "Top";
  attributes.set("objectclass", chain.flatMap(text));
  defaults("objectcategory", `CN=${category},CN=Schema,${from.configurationDn}`);
  attributes.set(from.rdn.type.toLowerCase(), text(from.rdn.value));
  defaults("instancetype", 4);
  if (from.sid) attributes.set("objectsid", [from.sid]);
  if (chain.includes("user")) userDefaults(defaults, attributes);
  if (chain.includes("group")) groupDefaults(defaults, attributes);
  if (isPrincipal(from.className)) {
    defaults("samaccountname", `$${randomBytes(8).toString("hex").toUpperCase()}`);
  }
  const entry = new Entry({
    guid: randomBytes(16),
    attributes,
    rdn: from.rdn,
    parent: from.parent,
    isContextHead: from.isContextHead ?? false,
  });
  if (chain.includes("user")) entry.secret = new Secret();
  return entry;
}

type SetDefault = (name: string, value: string | number | bigint) => void;

const firstNumber = (attributes: Attributes, name: string): number =>
  Number(attributes.get(name)?.[0]?.toString() ?? 0);

function userDefaults(defaults: SetDefault, attributes: Attributes): void {
  defaults("useraccountcontrol", NEW_USER_CONTROL);
  defaults("primarygroupid", DOMAIN_USERS);
  defaults("accountexpires", NEVER);
  for (const zero of ["pwdlastset", "badpwdcount", "badpasswordtime", "lastlogon", "logoncount"]) {
    defaults(zero, 0);
  }
  const control = firstNumber(attributes, "useraccountcontrol");
  attributes.set("samaccounttype", text(accountType(control)));
}

function groupDefaults(defaults: SetDefault, attributes: Attributes): void {
  defaults("grouptype", GLOBAL_SECURITY_GROUP);
  const local = (firstNumber(attributes, "grouptype") & LOCAL_GROUP_FLAG) !== 0;
  attributes.set("samaccounttype", text(local ? LOCAL_GROUP_ACCOUNT : GROUP_ACCOUNT));
}
