import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { readConfiguration } from "../../../functions/configuration.ts";
import { SETTINGS } from "../../../functions/settings/settings.ts";
import { type QueueDescription, repliesQueue, requestsQueue } from "../../../protocol/queues.ts";
import { type BicepFile, type Fields, isFields, readBicepFiles } from "./bicepFile.ts";

interface Settings {
  readonly defaults: Record<string, string>;
  readonly withoutDefault: readonly string[];
}
const settings: Settings = JSON.parse(readFileSync("infra/settings.json", "utf8"));
let files: readonly BicepFile[] = [];
const file = (path: string) => files.find((each) => each.path === path);
beforeAll(async () => {
  files = await readBicepFiles();
});

const UNITS: Record<string, number> = { D: 86_400, H: 3_600, M: 60, S: 1 };
const secondsOf = (duration: unknown): number => {
  const [, amount, unit = ""] = /^PT?(\d+)([DHMS])$/.exec(String(duration)) ?? [];
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
};
const fields = (value: unknown): Fields => (isFields(value as Fields) ? (value as Fields) : {});

function half(bus: BicepFile, queue: string, role: "sender" | "receiver") {
  const [only, ...more] = bus.resources
    .filter(({ type }) => type === "Microsoft.Authorization/roleAssignments")
    .filter(({ body }) => String(body.scope).replace("[index]", "") === `=${queue}`)
    .filter(({ body }) => fields(body.properties).roleDefinitionId === `=${role}Id`);
  expect(more).toEqual([]);
  const principal = fields(only?.body.properties).principalId;
  return principal === "=functionsPrincipalId" ? ("functions" as const) : ("agents" as const);
}

test("the queues are those of the local broker, with the same numbers", () => {
  const bus = file("app/serviceBus.bicep");
  if (!bus) throw new Error("no queues");
  const described = bus.resources
    .filter(({ type }) => type === "Microsoft.ServiceBus/namespaces/queues")
    .map(({ symbol, body }): QueueDescription => {
      const queue = fields(body.properties);
      const detects = queue.requiresDuplicateDetection === true;
      return {
        name: String(body.name),
        requiresSession: queue.requiresSession === true,
        lockSeconds: secondsOf(queue.lockDuration),
        timeToLiveSeconds: secondsOf(queue.defaultMessageTimeToLive),
        duplicateDetectionSeconds: detects
          ? secondsOf(queue.duplicateDetectionHistoryTimeWindow)
          : 0,
        maxDeliveryCount: Number(queue.maxDeliveryCount),
        deadLetteringOnMessageExpiration: queue.deadLetteringOnMessageExpiration as false,
        sender: half(bus, symbol, "sender"),
        receiver: half(bus, symbol, "receiver"),
      };
    });
  const each = ["$", "{connector}"].join("");
  expect(described).toEqual([requestsQueue(each), repliesQueue]);
});

const ID = "00000000-0000-4000-8000-000000000001";
const COORDINATE = Buffer.alloc(32, 1).toString("base64url");
const REQUIRED: Record<string, string> = {
  TENANT_ID: ID,
  API_CLIENT_ID: ID,
  ALLOWED_CLIENTS: JSON.stringify([ID]),
  MANAGED_IDENTITY_CLIENT_ID: ID,
  SERVICE_BUS_NAMESPACE: "contoso.servicebus.windows.net",
  TABLES_URL: "https://contoso.table.core.windows.net/",
  KEY_VAULT_URL: "https://contoso.vault.azure.net/",
  ROOT_PUBLIC_KEY: JSON.stringify({ kty: "EC", crv: "P-256", x: COORDINATE, y: COORDINATE }),
  CONNECTORS: JSON.stringify([{ name: "corp", domains: ["corp.example"] }]),
};

/** What the deployment gives each installation, as written in the site's parameters. */
function installation(): string[] {
  const given = file("main.bicep")?.modules.find(({ symbol }) => symbol === "site")?.params
    .installation;
  const names = [...String(given).matchAll(/\b([A-Z][A-Z_]+): /g)].map(([, name = ""]) => name);
  expect(String(given)).toMatch(/^=union\(rootSetting, \{/);
  expect(file("main.bicep")?.variables.get("rootSetting")).toContain("{ ROOT_PUBLIC_KEY: ");
  return [...names, "ROOT_PUBLIC_KEY"];
}

test("the site has every setting that the functions read, and no other", () => {
  const set = [...installation(), ...Object.keys(settings.defaults), ...settings.withoutDefault];
  expect([...new Set(set)].sort()).toEqual(Object.keys(SETTINGS).sort());
});

test("the settings of the installation are those that the functions need, and the cloud's authority", () => {
  expect(installation().sort()).toEqual([...Object.keys(REQUIRED), "AUTHORITY"].sort());
  for (const name of Object.keys(REQUIRED))
    expect(() => readConfiguration({ ...REQUIRED, [name]: undefined })).toThrow(name);
});

test("the defaults are those of the functions", () => {
  expect(readConfiguration({ ...REQUIRED, ...settings.defaults })).toEqual(
    readConfiguration(REQUIRED),
  );
});

test("what has no default is known to the functions, and not set", () => {
  const plain = readConfiguration(REQUIRED) as Record<string, unknown>;
  for (const name of settings.withoutDefault) expect(plain[name]).toBeUndefined();
});

test("a setting that is none is refused before anything is made", () => {
  // In the first file: the parameters of a module are looked at when its turn comes.
  const main = file("main.bicep");
  expect(main?.variables.get("knownNames")).toBe(
    "concat(objectKeys(known.defaults), known.withoutDefault)",
  );
  expect(main?.parameters.get("settings")?.type).toBe("{ *: string }");
  expect(main?.variables.get("checkedSettings")).toMatch(/^empty\(unknownNames\)[^:]*: fail\(/);
  expect(file("app/site.bicep")?.variables.get("all")).toBe(
    "union(host, known.defaults, installation, changes)",
  );
});

test("the host's settings name the identity and no key, and none that Flex refuses", () => {
  const host = file("app/site.bicep")?.variables.get("host") ?? "";
  const names = [...host.matchAll(/^\s+(\w+):/gm)].map(([, name]) => name);
  expect(names).toEqual([
    "AzureWebJobsStorage__blobServiceUri",
    "AzureWebJobsStorage__credential",
    "AzureWebJobsStorage__clientId",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
  ]);
});

test("azd finds the site by the name that azure.yaml has", () => {
  const site = file("main.bicep")?.modules.find(({ symbol }) => symbol === "site");
  const { services } = parse(readFileSync("azure.yaml", "utf8"));
  expect(Object.keys(services)).toEqual([site?.params.serviceName]);
});
