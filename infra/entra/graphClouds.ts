const GLOBAL = "https://graph.microsoft.com";
/** Each national cloud has a Graph of its own. */
const ALL: ReadonlySet<string> = new Set([
  GLOBAL,
  "https://graph.microsoft.us",
  "https://dod-graph.microsoft.us",
  "https://microsoftgraph.chinacloudapi.cn",
]);

export const isGraph = (url: string): boolean => ALL.has(url);

/** What tokens are asked for: an address that is no cloud's own stands in for the global one. */
export const graphScope = (url: string): string => `${isGraph(url) ? url : GLOBAL}/.default`;
