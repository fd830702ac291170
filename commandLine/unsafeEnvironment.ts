/**
 * What these make Node and the libraries print has secrets in it: new passwords (LDAP client),
 * tokens (Node's own HTTPS client, the relay's libraries, the SDKs), whole frames.
 */
const TALKATIVE = ["NODE_DEBUG", "DEBUG", "AZURE_LOG_LEVEL", "TYPESPEC_RUNTIME_LOG_LEVEL"];

/**
 * Which variable would switch certificate checks off or show secrets; undefined where none does.
 */
export function unsafeEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    return (
      "NODE_TLS_REJECT_UNAUTHORIZED: must not be 0; it would switch certificate checks off. " +
      "Trust a private authority with caFile, or NODE_EXTRA_CA_CERTS, instead."
    );
  const set = TALKATIVE.find((name) => environment[name]);
  return set && `${set}: must not be set; what it prints may hold secrets.`;
}
