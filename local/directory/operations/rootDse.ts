import type { Identity } from "../accounts/identity.ts";
import type { Domain } from "../domain/domain.ts";
import { generalizedTime } from "../fileTime.ts";
import { match } from "../search/match.ts";
import { CONTROL } from "../wire/controls.ts";
import type { SearchRequest } from "../wire/request.ts";
import type { FoundEntry } from "../wire/response.ts";

const WINDOWS_2016 = "7";
const CAPABILITIES = [
  "1.2.840.113556.1.4.800",
  "1.2.840.113556.1.4.1670",
  "1.2.840.113556.1.4.1791",
  "1.2.840.113556.1.4.1935",
  "1.2.840.113556.1.4.2080",
  "1.2.840.113556.1.4.2237",
];
const READ_ONLY = "1.2.840.113556.1.4.1920";
const POLICY_HINTS: readonly string[] = [CONTROL.policyHints, CONTROL.policyHintsDeprecated];

/** OIDs of the controls that a domain's controller knows. */
export const supportedControls = ({ condition }: Domain): string[] =>
  Object.values(CONTROL).filter(
    (oid) => condition.policyHints.includes(oid) || !POLICY_HINTS.includes(oid),
  );

/** Attributes of the rootDSE (MS-ADTS 3.1.1.3.2). Windows names no vendor. */
function attributes(domain: Domain): [name: string, values: readonly string[]][] {
  const { head, configuration, settings, store, host, condition } = domain;
  const schema = `CN=Schema,${configuration.dn}`;
  return [
    ["currentTime", [generalizedTime(store.clock())]],
    ["subschemaSubentry", [`CN=Aggregate,${schema}`]],
    ["dsServiceName", [settings.dn]],
    ["namingContexts", [head.dn, configuration.dn]],
    ["defaultNamingContext", [head.dn]],
    ["schemaNamingContext", [schema]],
    ["configurationNamingContext", [configuration.dn]],
    ["rootDomainNamingContext", [head.dn]],
    ["supportedControl", supportedControls(domain)],
    ["supportedLDAPVersion", ["3", "2"]],
    ["highestCommittedUSN", [String(store.highestCommittedUsn)]],
    ["supportedSASLMechanisms", ["GSSAPI", "GSS-SPNEGO", "EXTERNAL", "DIGEST-MD5"]],
    ["dnsHostName", [host]],
    [
      "ldapServiceName",
      [`${domain.dnsName}:${host.split(".")[0]}$@${domain.dnsName.toUpperCase()}`],
    ],
    ["serverName", [settings.parent?.dn ?? ""]],
    ["supportedCapabilities", condition.readOnly ? [...CAPABILITIES, READ_ONLY] : CAPABILITIES],
    ["isSynchronized", ["TRUE"]],
    ["isGlobalCatalogReady", ["TRUE"]],
    ["domainFunctionality", [WINDOWS_2016]],
    ["forestFunctionality", [WINDOWS_2016]],
    ["domainControllerFunctionality", [WINDOWS_2016]],
  ];
}

/**
 * The rootDSE, which anybody may read. `tokenGroups`, only on request, are the SIDs of the bound
 * account.
 */
export function rootDse(
  domain: Domain,
  identity: Identity | undefined,
  request: SearchRequest,
): FoundEntry[] {
  const shown = domain.condition.rootDse;
  const all = attributes(domain).flatMap(([name, values]): [string, readonly Buffer[]][] => {
    const told = (shown[name] ?? values).map((value) => Buffer.from(value));
    return told.length > 0 ? [[name, told]] : [];
  });
  const isClassTest = request.filter.kind === "present";
  if (!isClassTest && match(request.filter, () => []) !== true) return [];
  const wanted = new Set(request.attributes.map((name) => name.toLowerCase()));
  const isAll = wanted.size === 0 || wanted.has("*");
  const chosen = all.filter(([name]) => isAll || wanted.has(name.toLowerCase()));
  if (identity && wanted.has("tokengroups")) chosen.push(["tokenGroups", identity.sids]);
  return [{ dn: "", attributes: chosen }];
}
