import { challengeOf, issuerOf, keysOf } from "../../../../functions/access/authority.ts";
import { graphScope } from "../../../../functions/people/graph.ts";

const TENANT = "7d3c2f10-0000-4000-8000-00000000aaaa";

test.each([
  ["https://login.microsoftonline.com", "https://login.microsoftonline.com"],
  ["https://login.windows.net", "https://login.microsoftonline.com"],
  ["https://login.microsoftonline.us", "https://login.microsoftonline.us"],
  ["https://login.partner.microsoftonline.cn", "https://login.partner.microsoftonline.cn"],
  ["https://login.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"],
  ["https://127.0.0.1:8443", "https://127.0.0.1:8443"],
])("the tokens of %s are issued by %s", (authority, issuing) => {
  expect(issuerOf(authority, TENANT)).toBe(`${issuing}/${TENANT}/v2.0`);
  expect(keysOf(authority, TENANT).href).toBe(`${authority}/${TENANT}/discovery/v2.0/keys`);
  expect(challengeOf(authority, TENANT)).toBe(
    `Bearer realm="${TENANT}", authorization_uri="${authority}/${TENANT}/oauth2/authorize"`,
  );
});

test.each([
  ["https://graph.microsoft.com", "https://graph.microsoft.com/.default"],
  ["https://graph.microsoft.us", "https://graph.microsoft.us/.default"],
  ["https://dod-graph.microsoft.us", "https://dod-graph.microsoft.us/.default"],
  ["https://microsoftgraph.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn/.default"],
  ["https://127.0.0.1:8443", "https://graph.microsoft.com/.default"],
])("%s is asked with a token for %s", (url, scope) => {
  expect(graphScope(url)).toBe(scope);
});
