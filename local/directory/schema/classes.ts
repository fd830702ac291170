interface ClassType {
  readonly name: string;
  readonly parent: string | undefined;
  /** Object whose name stands in `objectCategory`. */
  readonly category: string;
  /** Attribute that names an object of the class. */
  readonly naming: "CN" | "OU" | "DC";
}

const CLASSES: readonly ClassType[] = [
  { name: "top", parent: undefined, category: "Top", naming: "CN" },
  { name: "person", parent: "top", category: "Person", naming: "CN" },
  { name: "organizationalPerson", parent: "person", category: "Person", naming: "CN" },
  { name: "user", parent: "organizationalPerson", category: "Person", naming: "CN" },
  { name: "inetOrgPerson", parent: "user", category: "Person", naming: "CN" },
  { name: "computer", parent: "user", category: "Computer", naming: "CN" },
  {
    name: "msDS-ManagedServiceAccount",
    parent: "computer",
    category: "ms-DS-Managed-Service-Account",
    naming: "CN",
  },
  {
    name: "msDS-GroupManagedServiceAccount",
    parent: "computer",
    category: "ms-DS-Group-Managed-Service-Account",
    naming: "CN",
  },
  { name: "contact", parent: "organizationalPerson", category: "Person", naming: "CN" },
  { name: "group", parent: "top", category: "Group", naming: "CN" },
  { name: "container", parent: "top", category: "Container", naming: "CN" },
  { name: "organizationalUnit", parent: "top", category: "Organizational-Unit", naming: "OU" },
  { name: "domain", parent: "top", category: "Domain", naming: "DC" },
  { name: "domainDNS", parent: "domain", category: "Domain-DNS", naming: "DC" },
  { name: "builtinDomain", parent: "top", category: "Builtin-Domain", naming: "CN" },
  { name: "configuration", parent: "top", category: "Configuration", naming: "CN" },
  { name: "server", parent: "top", category: "Server", naming: "CN" },
  { name: "nTDSDSA", parent: "top", category: "NTDS-DSA", naming: "CN" },
  {
    name: "msDS-PasswordSettingsContainer",
    parent: "top",
    category: "ms-DS-Password-Settings-Container",
    naming: "CN",
  },
  {
    name: "msDS-PasswordSettings",
    parent: "top",
    category: "ms-DS-Password-Settings",
    naming: "CN",
  },
];

const byName = new Map(CLASSES.map((type) => [type.name.toLowerCase(), type]));

export const classType = (name: string): ClassType | undefined => byName.get(name.toLowerCase());

/** From `top` down to the class itself. */
export function classChain(name: string): string[] {
  const chain: string[] = [];
  for (let type = classType(name); type; type = type.parent ? classType(type.parent) : undefined) {
    chain.unshift(type.name);
  }
  return chain;
}

/** The most specific of several class names; undefined if one is unknown or none is named. */
export function structuralClass(names: readonly string[]): ClassType | undefined {
  if (names.some((name) => !classType(name))) return undefined;
  const deepest = names.toSorted((a, b) => classChain(b).length - classChain(a).length)[0];
  return deepest === undefined ? undefined : classType(deepest);
}
