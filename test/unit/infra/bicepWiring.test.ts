import { readFileSync } from "node:fs";
import { HOST_BODY_BYTES } from "../../../local/host/bodyLimit.ts";
import { type BicepFile, isFields, type Module, readBicepFiles } from "./bicepFile.ts";

let files: readonly BicepFile[] = [];
beforeAll(async () => {
  files = await readBicepFiles();
});

function main(): BicepFile {
  const file = files.find(({ path }) => path === "main.bicep");
  if (!file) throw new Error("there is no main.bicep");
  return file;
}
function module(symbol: string): Module {
  const found = main().modules.find((each) => each.symbol === symbol);
  if (!found) throw new Error(`there is no module ${symbol}`);
  return found;
}
/** Names of an object as it is written, with the expressions behind them. */
const membersOf = (text = ""): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/(\w+): (\S+)/g)].map(([, name, value]) => [name, value]));

test("private networking reaches everything that is private, and brings the network", () => {
  const taking = files.filter(({ parameters }) => parameters.has("private"));
  const told = main().modules.filter(({ params }) => "private" in params);
  expect(told.map(({ path }) => path).sort()).toEqual(taking.map(({ path }) => path).sort());
  expect(told.map(({ path }) => path)).toHaveLength(4);
  for (const { symbol, params } of told)
    expect([symbol, params.private]).toEqual([symbol, "=privateNetworking"]);
  expect(module("network").condition).toBe("privateNetworking");
  expect(module("site").params.subnetId).toBe(
    "=privateNetworking ? network!.outputs.functionsSubnetId : ''",
  );
});

test("each endpoint has its name in the zone of its kind", () => {
  const network = files.find(({ path }) => path === "app/network.bicep");
  const zones = [...(network?.variables.get("zones") ?? "").matchAll(/^\s+(\w+): '/gm)];
  const endpoints = main().modules.filter(({ path }) => path === "app/privateEndpoint.bicep");
  const kinds = endpoints.map(({ params }) => String(params.group));
  expect(zones.map(([, kind]) => kind)).toEqual(kinds);
  for (const { params } of endpoints)
    expect([params.zoneId, params.subnetId]).toEqual([
      `=network!.outputs.zoneIds.${params.group}`,
      "=network!.outputs.endpointsSubnetId",
    ]);
});

test("what the templates read of an alert, every alert has", () => {
  const { queries, metrics, changes } = JSON.parse(readFileSync("infra/alerts.json", "utf8"));
  const text = files.find(({ path }) => path === "app/alerts.bicep")?.text ?? "";
  const [ofQueries = "", ofMetrics = "", ofChanges = ""] = text.split("\nresource ").slice(1);
  const read = (part: string, name: string) => [
    ...new Set(
      [...part.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, "g"))].map(([, member = ""]) => member),
    ),
  ];
  for (const [members, alerts] of [
    [read(ofQueries, "alert"), queries],
    [read(ofMetrics, "alert"), metrics],
    [read(ofChanges, "alerts\\.changes"), [changes]],
  ]) {
    expect(members.length).toBeGreaterThan(2);
    for (const alert of alerts) expect(Object.keys(alert)).toEqual(expect.arrayContaining(members));
  }
});

test("without a word about it nothing is private, and Service Bus is Standard", () => {
  expect(main().text).toMatch(/^param privateNetworking bool = false$/m);
  expect(main().text).toMatch(
    /^param serviceBusSku string = privateNetworking \? 'Premium' : 'Standard'$/m,
  );
  expect(main().text).toMatch(/^param storageSku string = 'Standard_ZRS'$/m);
});

test("each setting of an installation is what its name says", () => {
  expect(membersOf(String(module("site").params.installation))).toEqual({
    TENANT_ID: "tenant().tenantId",
    API_CLIENT_ID: "apiClientId",
    AUTHORITY: "environment().authentication.loginEndpoint",
    ALLOWED_CLIENTS: "string(allowedClients)",
    MANAGED_IDENTITY_CLIENT_ID: "identity.outputs.clientId",
    SERVICE_BUS_NAMESPACE: "serviceBus.outputs.hostName",
    TABLES_URL: "recordsStorage.outputs.tablesUrl",
    KEY_VAULT_URL: "keyVault.outputs.url",
    CONNECTORS: "string(connectors)",
  });
  const { containerUrl, hostBlobUrl, identityId, identityClientId } = module("site").params;
  expect([containerUrl, hostBlobUrl, identityId, identityClientId]).toEqual([
    ...["=hostStorage.outputs.containerUrl", "=hostStorage.outputs.blobUrl"],
    ...["=identity.outputs.id", "=identity.outputs.clientId"],
  ]);
});

test("the host reaches its storage and the telemetry as the identity, and reads no more than ours", () => {
  const site = files.find(({ path }) => path === "app/site.bicep");
  expect(membersOf(site?.variables.get("host"))).toEqual({
    AzureWebJobsStorage__blobServiceUri: "hostBlobUrl",
    AzureWebJobsStorage__credential: "'managedidentity'",
    AzureWebJobsStorage__clientId: "identityClientId",
    APPLICATIONINSIGHTS_CONNECTION_STRING: "component.properties.ConnectionString",
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `'ClientId=$${"{identityClientId}"};Authorization=AAD'`,
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: `'${HOST_BODY_BYTES}'`,
  });
});

test("the plan is Flex Consumption, and the site has no identity but ours", () => {
  const resources = files.flatMap((file) => file.resources);
  const body = (type: string) => resources.find((each) => each.type === type)?.body;
  expect(body("Microsoft.Web/serverfarms")).toMatchObject({
    kind: "functionapp",
    sku: { name: "FC1", tier: "FlexConsumption" },
    properties: { reserved: true },
  });
  expect(body("Microsoft.Web/sites")).toMatchObject({
    kind: "functionapp,linux",
    identity: { type: "UserAssigned" },
    properties: {
      serverFarmId: "=plan.id",
      functionAppConfig: {
        deployment: {
          storage: {
            type: "blobContainer",
            authentication: {
              type: "UserAssignedIdentity",
              userAssignedIdentityResourceId: "=identityId",
            },
          },
        },
        scaleAndConcurrency: {
          alwaysReady:
            "=alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]",
        },
      },
    },
  });
});

test("whatever can be on or off is on: logs, alerts, who is told of them", () => {
  const switches = files.flatMap(({ path, text }) =>
    [...text.matchAll(/\benabled: (\w+)/g)].map(([, value]) => [path, value]),
  );
  expect(switches.length).toBeGreaterThan(15);
  expect(switches.filter(([, value]) => value !== "true")).toEqual([]);
});

test("the logs of site, vault and bus are whole", () => {
  const logs = files.flatMap(({ path, resources }) =>
    resources
      .filter(({ type }) => type === "Microsoft.Insights/diagnosticSettings")
      .filter(() => !path.endsWith("Storage.bicep"))
      .map(({ body }) => [path, isFields(body.properties) ? body.properties.logs : undefined]),
  );
  expect(logs).toEqual([
    ["app/keyVault.bicep", [{ categoryGroup: "audit", enabled: true }]],
    ["app/serviceBus.bicep", [{ categoryGroup: "allLogs", enabled: true }]],
    ["app/site.bicep", [{ category: "FunctionAppLogs", enabled: true }]],
  ]);
});

test("queues are as small as Service Bus makes them", () => {
  const queues = files
    .flatMap(({ resources }) => resources)
    .filter(({ type }) => type === "Microsoft.ServiceBus/namespaces/queues");
  expect(queues).toHaveLength(2);
  for (const { body } of queues)
    expect(body.properties).toMatchObject({ maxSizeInMegabytes: 1_024 });
});

test("a budget tells what is spent and what will be, in per cent", () => {
  const [budget] = files
    .flatMap(({ resources }) => resources)
    .filter(({ type }) => type === "Microsoft.Consumption/budgets");
  const told = { enabled: true, operator: "GreaterThanOrEqualTo", contactEmails: "=emails" };
  expect(budget?.body.properties).toMatchObject({
    amount: "=amount",
    timeGrain: "Monthly",
    notifications: {
      spent: { ...told, threshold: 80, thresholdType: "Actual" },
      forecast: { ...told, threshold: 100, thresholdType: "Forecasted" },
    },
  });
  expect(module("budget").params).toMatchObject({
    amount: "=monthlyBudget",
    emails: "=alertEmails",
  });
  expect(module("actionGroup").params.emails).toBe("=alertEmails");
  expect(module("alerts").params.actionGroupId).toBe("=actionGroup.outputs.id");
});

/** What is worth an alert, and which tells it. */
const CAUSES: Readonly<Record<string, readonly string[]>> = {
  "dead letters": ["deadLetters"],
  "messages that wait": ["messagesWait"],
  "the bus refuses, fails, throttles": ["busUserErrors", "busErrors", "busThrottles"],
  "calls that fail, calls that are denied": ["serverErrors", "callsDenied"],
  "an agent without a heartbeat": ["heartbeatMissing", "agentMissing"],
  "failures of one person or client": ["failuresOfOneTarget"],
  "the vault refuses": ["vaultDenied"],
  "rights and logs that change": ["rightsChanged"],
};

test.each(Object.entries(CAUSES))("there is an alert for %s", (_, names) => {
  const { queries, metrics, changes } = JSON.parse(readFileSync("infra/alerts.json", "utf8"));
  const made: string[] = [...queries, ...metrics, changes].map(({ name }) => name);
  expect(made).toEqual(expect.arrayContaining([...names]));
});
