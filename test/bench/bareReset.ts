import { Client } from "ldapts";
import { guidDn } from "../../local/accounts/identifiers.ts";
import { resetPassword } from "../../local/accounts/passwordChanges.ts";
import { PolicyHints } from "../../local/accounts/policyHints.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { SERVICE_ACCOUNT, userPrincipalName } from "../../local/samples.ts";
import { freshPassword, type Person, personFor } from "./people.ts";
import type { Way } from "./way.ts";

/** As many as the agent has, unless it is told otherwise; more of them only queue at a Samba. */
const CONNECTIONS = 4;
/** Milliseconds: a loaded machine makes the bench slow, and must not end it. */
const TIMEOUT_MS = 60_000;

/**
 * What the system is compared with: the shortest program that resets a password. One modify that
 * replaces `unicodePwd` under policy hints, on a connection that is bound already.
 */
export async function openBareReset(
  directory: LocalDirectory,
  people: readonly Person[],
): Promise<Way> {
  const { url, ca, servername } = directory;
  const clients: Client[] = [];
  for (let count = 0; count < CONNECTIONS; count += 1) {
    const client = new Client({ url, timeout: TIMEOUT_MS, tlsOptions: { ca: [ca], servername } });
    await client.bind(userPrincipalName(SERVICE_ACCOUNT), SERVICE_ACCOUNT.password);
    clients.push(client);
  }
  return {
    operation: (atATime) => (worker, turn) => {
      const client = clients[worker % CONNECTIONS] as Client;
      const { objectGuid } = personFor(people, atATime, worker, turn);
      return client.modify(guidDn(objectGuid), resetPassword(freshPassword()), new PolicyHints());
    },
    close: async () => {
      await Promise.allSettled(clients.map((client) => client.unbind()));
    },
  };
}
