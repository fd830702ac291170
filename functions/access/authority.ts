/** Login hosts whose tokens name another host as their issuer. */
const ISSUING_HOSTS: Readonly<Record<string, string>> = {
  "login.microsoft.com": "login.microsoftonline.com",
  "login.windows.net": "login.microsoftonline.com",
  "login-us.microsoftonline.com": "login.microsoftonline.us",
  "login.chinacloudapi.cn": "login.partner.microsoftonline.cn",
};

/**
 * Issuer of a tenant's v2 tokens. Each national cloud has its own.
 * @param authority address of Entra, without a trailing slash
 */
export function issuerOf(authority: string, tenantId: string): string {
  const { host } = new URL(authority);
  const issuing = Object.hasOwn(ISSUING_HOSTS, host) ? ISSUING_HOSTS[host] : undefined;
  return `${issuing === undefined ? authority : `https://${issuing}`}/${tenantId}/v2.0`;
}

/** Where a tenant publishes the keys that it signs tokens with. */
export const keysOf = (authority: string, tenantId: string): URL =>
  new URL(`${authority}/${tenantId}/discovery/v2.0/keys`);

/**
 * Begin of every challenge (`WWW-Authenticate`). Clients take the authority from the address by
 * cutting off `/oauth2/authorize`, so it has the form that Microsoft's own APIs send.
 */
export const challengeOf = (authority: string, tenantId: string): string =>
  `Bearer realm="${tenantId}", authorization_uri="${authority}/${tenantId}/oauth2/authorize"`;
