import { type ConnectionSettings, DirectoryConnection } from "./connection.ts";
import { DirectoryError } from "./directoryError.ts";

const INVALID_CREDENTIALS = 49;
/** Milliseconds without another try after a refused bind: trying on would lock the account. */
const HOLD_MS = 30_000;

/**
 * Opens connections as the agent's account, whose password is read anew each time, so that it can
 * be rolled without a restart.
 * @param now milliseconds of any steady clock
 */
export function connectionOpener(
  settings: ConnectionSettings,
  readPassword: () => Promise<string>,
  now: () => number = () => performance.now(),
): () => Promise<DirectoryConnection> {
  let refused: { readonly error: DirectoryError; readonly until: number } | undefined;
  return async () => {
    if (refused && now() < refused.until) throw refused.error;
    const password = await readPassword().catch(() => "");
    try {
      return await DirectoryConnection.open(settings, password);
    } catch (error) {
      if (error instanceof DirectoryError && error.evidence.resultCode === INVALID_CREDENTIALS)
        refused = { error, until: now() + HOLD_MS };
      throw error;
    }
  };
}
