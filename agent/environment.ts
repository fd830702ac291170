import { ConfigurationError } from "./configuration.ts";

/**
 * The LDAP client's debug output shows new passwords, so the agent does not start with it.
 * `NODE_DEBUG` is a list of names, where `*` stands for anything.
 * @throws ConfigurationError
 */
export function refuseLdapDebugging(nodeDebug: string | undefined): void {
  const names = (nodeDebug ?? "").split(",").map((name) => name.trim().toLowerCase());
  if (names.some((name) => name !== "" && wildcard(name).test("ldapts")))
    throw new ConfigurationError("NODE_DEBUG: must not include ldapts; it would show passwords.");
}

const wildcard = (name: string): RegExp =>
  new RegExp(`^${name.replace(/[|\\{}()[\]^$+?.]/g, "\\$&").replaceAll("*", ".*")}$`);
