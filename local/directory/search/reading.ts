import { accessList } from "../accounts/accessList.ts";
import { computedControl, passwordExpiry } from "../accounts/accountState.ts";
import type { Identity } from "../accounts/identity.ts";
import { tokenGroups } from "../accounts/membership.ts";
import { policyInForce } from "../accounts/policyInForce.ts";
import { resultantSettings } from "../accounts/resultantSettings.ts";
import type { Domain } from "../domain/domain.ts";
import { attributeType, attributeTypes } from "../schema/attributes.ts";
import type { Entry } from "../store/entry.ts";
import { replicationMetadata } from "./replicationMetadata.ts";

/** On whose behalf entries are read. */
export interface Reading {
  readonly domain: Domain;
  readonly identity: Identity;
  /** Whether the access control list alone is asked for of descriptors; all else is hidden. */
  readonly accessListOnly?: boolean;
}

type Values = readonly Buffer[];
type Compute = (entry: Entry, reading: Reading) => Values;

const text = (value: string | number | bigint): Buffer[] => [Buffer.from(value.toString())];
const names = (entries: Iterable<Entry>): Buffer[] => [...entries].map((e) => Buffer.from(e.dn));
const ofUser =
  (compute: Compute): Compute =>
  (entry, reading) =>
    entry.isA("user") ? compute(entry, reading) : [];

const writable =
  (entry: Entry, { domain, identity }: Reading) =>
  (key: string): boolean => {
    if (identity.isAdministrator) return attributeType(key)?.nature === "normal";
    if (key !== "lockouttime" && key !== "pwdlastset") return false;
    const right = key === "lockouttime" ? "lockoutTime" : "pwdLastSet";
    return domain.delegations.allows(identity, right, entry);
  };

/** Attributes that are not kept as values: links, names, and what is computed on request. */
const COMPUTED: ReadonlyMap<string, Compute> = new Map<string, Compute>([
  ["distinguishedname", (entry) => text(entry.dn)],
  ["name", (entry) => text(entry.rdn.value)],
  ["member", (entry) => names(entry.members)],
  ["memberof", (entry) => names(entry.groups)],
  ["tokengroups", (entry, { domain }) => tokenGroups(domain.store, entry)],
  [
    "msds-keyversionnumber",
    (entry) => {
      const version = entry.stamps.get("unicodepwd")?.version;
      return version === undefined ? [] : text(version);
    },
  ],
  [
    "msds-user-account-control-computed",
    ofUser((entry, { domain }) =>
      text(computedControl(entry, policyInForce(domain, entry), domain.store.ticks.next())),
    ),
  ],
  [
    "msds-userpasswordexpirytimecomputed",
    ofUser((entry, { domain }) => text(passwordExpiry(entry, policyInForce(domain, entry)))),
  ],
  [
    "msds-resultantpso",
    ofUser((entry, { domain }) => {
      const settings = resultantSettings(domain, entry);
      return settings ? text(settings.dn) : [];
    }),
  ],
  [
    "allowedattributeseffective",
    (entry, reading) => {
      const isWritable = writable(entry, reading);
      const types = [...attributeTypes()].filter(([key]) => isWritable(key));
      return types.flatMap(([, type]) => text(type.name));
    },
  ],
  [
    "ntsecuritydescriptor",
    (entry, { domain, accessListOnly }) =>
      accessListOnly ? [accessList(domain.delegations.mayChange(entry))] : [],
  ],
  ["replpropertymetadata", (entry, { domain }) => [replicationMetadata(entry, domain.store)]],
]);

/** Computed attributes that a search for `*` returns nevertheless. */
export const LINKS_AND_NAMES = ["distinguishedname", "name", "member", "memberof"] as const;

/** The values of password settings are for administrators, and for those who were let in. */
const isConcealed = (entry: Entry, attribute: string, { domain, identity }: Reading): boolean =>
  attribute.startsWith("msds-") &&
  entry.isA("msDS-PasswordSettings") &&
  !domain.delegations.mayRead(identity, entry);

/** Values of an attribute (lower case) as the reader sees them; empty if there are none. */
export function read(entry: Entry, attribute: string, reading: Reading): Values {
  const { condition } = reading.domain;
  if (condition.concealed.includes(attribute) && !reading.identity.isAdministrator) return [];
  const compute = COMPUTED.get(attribute);
  if (compute) return compute(entry, reading);
  if (attributeType(attribute)?.nature === "hidden" || isConcealed(entry, attribute, reading))
    return [];
  return entry.attributes.get(attribute) ?? [];
}
