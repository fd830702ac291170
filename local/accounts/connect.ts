import { Client } from "ldapts";
import type { LocalDirectory } from "../localDirectory.ts";

const TIMEOUT_MS = 5_000;

/** A name to bind as (distinguished name, UPN or `DOMAIN\name`) and its password. */
export interface Credentials {
  readonly dn: string;
  readonly password: string;
}

/** Where a directory listens and how it proves itself. */
export type DirectoryAddress = Pick<LocalDirectory, "url" | "servername" | "ca">;

/** A client that is not connected yet. The caller unbinds it. */
export function directoryClient(directory: DirectoryAddress): Client {
  return new Client({
    url: directory.url,
    timeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    tlsOptions: { ca: [directory.ca], servername: directory.servername },
  });
}

/**
 * Binds on a connection of its own. The caller unbinds it.
 *
 * @throws the error of ldapts, if the bind is refused
 */
export async function connect(
  directory: DirectoryAddress,
  credentials: Credentials,
): Promise<Client> {
  const client = directoryClient(directory);
  try {
    await client.bind(credentials.dn, credentials.password);
    return client;
  } catch (error) {
    await client.unbind().catch(() => {});
    throw error;
  }
}

/** Runs an action on a connection that is closed afterwards, whatever happens. */
export async function withConnection<T>(
  directory: DirectoryAddress,
  credentials: Credentials,
  action: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect(directory, credentials);
  try {
    return await action(client);
  } finally {
    await client.unbind().catch(() => {});
  }
}

/** {@link withConnection} as the administrator. */
export const asAdministrator = <T>(
  directory: LocalDirectory,
  action: (client: Client) => Promise<T>,
): Promise<T> => withConnection(directory, directory.administrator, action);
