import { CommandError } from "./commandError.ts";

/** What these make Node and the SDKs print has tokens in it: Node's own HTTPS client shows headers. */
const TALKATIVE = ["NODE_DEBUG", "DEBUG", "AZURE_LOG_LEVEL", "TYPESPEC_RUNTIME_LOG_LEVEL"];

/**
 * Refuses to run with variables that switch certificate checks off or show tokens.
 * @throws CommandError
 */
export function refuseUnsafeEnvironment(environment: NodeJS.ProcessEnv): void {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    throw new CommandError(
      "NODE_TLS_REJECT_UNAUTHORIZED: must not be 0; it would switch certificate checks off. " +
        "Trust a private authority with caFile of the profile or NODE_EXTRA_CA_CERTS instead.",
    );
  const set = TALKATIVE.find((name) => environment[name]);
  if (set !== undefined)
    throw new CommandError(`${set}: must not be set; what it prints may hold secrets.`);
}
