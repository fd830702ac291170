const GLOBAL = "https://management.azure.com";
const CHINA = "https://management.chinacloudapi.cn";

/** Azure Resource Manager of each cloud, by the authority that people sign in with there. */
const BY_AUTHORITY: ReadonlyMap<string, string> = new Map([
  ["https://login.microsoftonline.us", "https://management.usgovcloudapi.net"],
  ["https://login.partner.microsoftonline.cn", CHINA],
  ["https://login.chinacloudapi.cn", CHINA],
]);
const ALL: ReadonlySet<string> = new Set([GLOBAL, ...BY_AUTHORITY.values()]);

/** Where the resources of a cloud are managed. @param authority without a slash at its end */
export const resourceManagerOf = (authority: string): string =>
  BY_AUTHORITY.get(authority) ?? GLOBAL;

export const isResourceManager = (url: string): boolean => ALL.has(url);

/** What tokens are asked for: an address that is no cloud's own stands in for the global one. */
export const managementScope = (url: string): string =>
  `${isResourceManager(url) ? url : GLOBAL}/.default`;
