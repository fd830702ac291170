import { ConfigurationError } from "./configuration.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Debug output of these shows tokens and whole frames. */
const TALKATIVE = ["rhea", "azure"];

/**
 * Refuses to start with variables that switch certificate checks off or show secrets: debug output
 * of the LDAP client has new passwords in it, that of the relay's libraries tokens and frames.
 * @throws ConfigurationError
 */
export function refuseUnsafeEnvironment(environment: Environment): void {
  const { NODE_TLS_REJECT_UNAUTHORIZED, NODE_DEBUG, DEBUG } = environment;
  if (NODE_TLS_REJECT_UNAUTHORIZED === "0")
    throw new ConfigurationError(
      "NODE_TLS_REJECT_UNAUTHORIZED: must not be 0; it would switch certificate checks off. " +
        "Trust a private authority with NODE_EXTRA_CA_CERTS or directory.caFile instead.",
    );
  if (names(NODE_DEBUG).some((name) => wildcard(name).test("ldapts")))
    throw new ConfigurationError("NODE_DEBUG: must not include ldapts; it would show passwords.");
  if (names(DEBUG).some(mayBeTalkative))
    throw new ConfigurationError(
      "DEBUG: must not include rhea, azure or *; it would show tokens and messages.",
    );
}

/** Both variables are lists of names, where `*` stands for anything. */
const names = (list = ""): string[] =>
  list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);

const wildcard = (name: string): RegExp =>
  new RegExp(`^${name.replace(/[|\\{}()[\]^$+?.]/g, "\\$&").replaceAll("*", ".*")}$`);

/** Whether a name, up to its first `*`, may stand for one that begins like a talkative library. */
function mayBeTalkative(name: string): boolean {
  const [fixed = ""] = name.split("*");
  return TALKATIVE.some(
    (library) => fixed.startsWith(library) || (name.includes("*") && library.startsWith(fixed)),
  );
}
