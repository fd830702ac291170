import { SAMBA_DOMAIN } from "./domain.ts";

export interface ConfigurationOptions {
  /** Folder of this server, as Samba sees it. */
  readonly folder: string;
  /** The one loopback address it listens on. */
  readonly address: string;
}

/**
 * `smb.conf` of one server. LDAP is its only service: no Kerberos, no RPC, no DNS. Fixed
 * Diffie-Hellman parameters make it start in a moment instead of searching for its own, and the
 * previous password must not go on working for an hour, as it would by default.
 */
export function configuration({ folder, address }: ConfigurationOptions): string {
  const settings: Readonly<Record<string, string>> = {
    "netbios name": SAMBA_DOMAIN.host.toUpperCase(),
    realm: SAMBA_DOMAIN.realm,
    workgroup: SAMBA_DOMAIN.workgroup,
    "server role": "active directory domain controller",
    "server services": "ldap",
    "private dir": `${folder}/private`,
    "state directory": `${folder}/state`,
    "cache directory": `${folder}/cache`,
    "lock directory": `${folder}/lock`,
    "pid directory": `${folder}/run`,
    "ncalrpc dir": `${folder}/ncalrpc`,
    "binddns dir": `${folder}/bind-dns`,
    interfaces: `${address}/8`,
    "bind interfaces only": "yes",
    "tls enabled": "yes",
    "tls cafile": `${folder}/tls/ca.pem`,
    "tls certfile": `${folder}/tls/server.pem`,
    "tls keyfile": `${folder}/tls/server.key`,
    "tls dh params file": `${folder}/tls/dh.pem`,
    "old password allowed period": "0",
    "log file": `${folder}/log.samba`,
    logging: "file",
    "log level": "1",
  };
  const lines = Object.entries(settings).map(([name, value]) => `  ${name} = ${value}\n`);
  return `[global]\n${lines.join("")}`;
}
