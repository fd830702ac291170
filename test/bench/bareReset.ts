import type { Client } from "ldapts";
import { connect } from "../../local/accounts/connect.ts";
import { guidDn } from "../../local/accounts/identifiers.ts";
import { resetPassword } from "../../local/accounts/passwordChanges.ts";
import { PolicyHints } from "../../local/accounts/policyHints.ts";
import type { LocalDirectory } from "../../local/localDirectory.ts";
import { SERVICE_ACCOUNT, userPrincipalName } from "../../local/samples.ts";
import { freshPassword, type Person, personFor } from "./people.ts";
import type { Way } from "./way.ts";

/** As many as the agent has, unless it is told otherwise; more of them only queue at a Samba. */
const CONNECTIONS = 4;

/**
 * What the system is compared with: the shortest program that resets a password. One modify that
 * replaces `unicodePwd` under policy hints, on a connection that is bound already.
 */
export async function openBareReset(
  directory: LocalDirectory,
  people: readonly Person[],
): Promise<Way> {
  const credentials = {
    dn: userPrincipalName(SERVICE_ACCOUNT),
    password: SERVICE_ACCOUNT.password,
  };
  const clients: Client[] = [];
  for (let count = 0; count < CONNECTIONS; count += 1)
    clients.push(await connect(directory, credentials));
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
