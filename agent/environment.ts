import { ConfigurationError } from "./configuration.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What these make Node and the libraries print has secrets in it: new passwords (LDAP client),
 * tokens (Node's own HTTPS client, the relay's libraries), whole frames.
 */
const TALKATIVE = ["NODE_DEBUG", "DEBUG", "AZURE_LOG_LEVEL", "TYPESPEC_RUNTIME_LOG_LEVEL"];

/**
 * Refuses to start with variables that switch certificate checks off or show secrets.
 * @throws ConfigurationError
 */
export function refuseUnsafeEnvironment(environment: Environment): void {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    throw new ConfigurationError(
      "NODE_TLS_REJECT_UNAUTHORIZED: must not be 0; it would switch certificate checks off. " +
        "Trust a private authority with NODE_EXTRA_CA_CERTS or directory.caFile instead.",
    );
  const set = TALKATIVE.find((name) => environment[name]);
  if (set !== undefined)
    throw new ConfigurationError(`${set}: must not be set; what it prints may hold secrets.`);
}
