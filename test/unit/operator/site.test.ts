import { readFileSync } from "node:fs";
import { azdEnvironmentOf, azdLines } from "../../../operator/azdEnvironment.ts";
import { managementScope, resourceManagerOf } from "../../../operator/resourceManager.ts";
import { SITE_API_VERSION, siteId } from "../../../operator/site.ts";

const GROUP = "/subscriptions/7d3c2f10-0000-4000-8000-00000000c001/resourceGroups/rg-contoso";
const WEB = "providers/Microsoft.Web/sites";

test("the site is asked in the version that the templates use", () => {
  const versions = JSON.parse(readFileSync("infra/apiVersions.json", "utf8"));
  expect(SITE_API_VERSION).toBe(versions["Microsoft.Web/sites"]);
});

test.each([
  `${GROUP}/${WEB}/func-contoso`,
  `${GROUP.replace("rg-contoso", "RG_(1).eu-1")}/${WEB}/a`,
  `${GROUP}/${WEB}/func-contoso`.toLowerCase(),
])("%s is the id of a site", (id) => {
  expect(siteId.safeParse(id).success).toBe(true);
});

test.each([
  `${GROUP}/${WEB}/func-contoso/slots/next`,
  `${GROUP}/${WEB}/func-contoso?x=`,
  `${GROUP}/${WEB}/func-contoso\n`,
  `${GROUP}/${WEB}/..`,
  `${GROUP.replace("rg-contoso", "..")}/${WEB}/func-contoso`,
  `${GROUP}/providers/Microsoft.Web/serverfarms/plan`,
  `https://contoso.example${GROUP}/${WEB}/func-contoso`,
  `${GROUP.replace("7d3c2f10", "x")}/${WEB}/func-contoso`,
])("%j is none", (id) => {
  expect(siteId.safeParse(id).success).toBe(false);
});

test("each cloud has its own manager, and tokens are for that one", () => {
  for (const [authority, url] of [
    ["https://login.microsoftonline.com", "https://management.azure.com"],
    ["https://login.microsoftonline.us", "https://management.usgovcloudapi.net"],
    ["https://login.partner.microsoftonline.cn", "https://management.chinacloudapi.cn"],
    ["https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn"],
  ] as const) {
    expect(resourceManagerOf(authority)).toBe(url);
    expect(managementScope(url)).toBe(`${url}/.default`);
  }
  expect(managementScope("https://stand-in.example")).toBe("https://management.azure.com/.default");
});

test("a profile belongs to an environment only in a folder of azd's, by a harmless name", () => {
  const at = (path: string) => azdEnvironmentOf(path);
  expect(at("/home/a/writeback/.azure/writeback-test/operator.json")).toEqual({
    name: "writeback-test",
    project: "/home/a/writeback",
  });
  expect(at(".azure/x/operator.json")).toEqual({ name: "x", project: process.cwd() });
  for (const path of [
    "/home/a/operator.json",
    "/.azure/operator.json",
    "/home/.azure/--help/operator.json",
    "/home/.azure/a b/operator.json",
    `/home/.azure/${"a".repeat(65)}/operator.json`,
  ])
    expect(at(path)).toBeUndefined();
});

test("a coordinate that begins with a hyphen is no option", () => {
  const key = { kty: "EC", crv: "P-256", x: `-${"A".repeat(42)}`, y: "B".repeat(43) } as const;
  expect(azdLines(key).split("\n")).toEqual([
    `  azd env set -- ROOT_PUBLIC_KEY_X ${key.x}`,
    `  azd env set -- ROOT_PUBLIC_KEY_Y ${key.y}`,
  ]);
});
