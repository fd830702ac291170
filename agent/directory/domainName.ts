import { nameKey } from "./guard/distinguishedName.ts";

/**
 * The domain that an object's distinguished name lies in, in a form that compares: its `DC=`
 * components at the end. Undefined for a name that is none, or that lies in no domain.
 */
export function domainName(dn: string): string | undefined {
  const key = nameKey(dn);
  if (!key) return undefined;
  const above = key.findLastIndex((component) => !component.startsWith("dc="));
  const domain = key.slice(above + 1);
  return domain.length > 0 ? JSON.stringify(domain) : undefined;
}
