import { type BicepFile, isFields, readBicepFiles } from "./bicepFile.ts";

let files: readonly BicepFile[] = [];
beforeAll(async () => {
  files = await readBicepFiles();
});
const file = (path: string): BicepFile => {
  const found = files.find((each) => each.path === path);
  if (!found) throw new Error(`there is no ${path}`);
  return found;
};
const bodyOf = (path: string, symbol: string) =>
  file(path).resources.find((each) => each.symbol === symbol)?.body;

/** An expression inside of a string of Bicep. */
const inside = (expression: string): string => `$${`{${expression}}`}`;

/** What modules give away, beside `id` and `name` of what they are about. */
const OUTPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "app/identity.bicep": {
    principalId: "identity.properties.principalId",
    clientId: "identity.properties.clientId",
  },
  "app/monitoring.bicep": { workspaceId: "workspace.id", componentName: "component.name" },
  "app/serviceBus.bicep": {
    hostName: "replace(replace(endpoint, 'https://', ''), ':443/', '')",
  },
  "app/hostStorage.bicep": {
    blobUrl: "account.properties.primaryEndpoints.blob",
    containerUrl: `'${inside("account.properties.primaryEndpoints.blob")}${inside("container.name")}'`,
  },
  "app/recordsStorage.bicep": { tablesUrl: "account.properties.primaryEndpoints.table" },
  "app/keyVault.bicep": { url: "vault.properties.vaultUri" },
  "app/site.bicep": { url: `'https://${inside("site.properties.defaultHostName")}'` },
};

test.each(Object.entries(OUTPUTS))("%s gives away what its names say", (path, outputs) => {
  const given = [...file(path).outputs].filter(([name]) => name !== "id" && name !== "name");
  expect(Object.fromEntries(given)).toEqual(outputs);
});

test("azd keeps where everything is, each under its own name", () => {
  expect(Object.fromEntries(file("main.bicep").outputs)).toEqual({
    AZURE_RESOURCE_GROUP: "group.name",
    AZURE_FUNCTION_ID: "site.outputs.id",
    AZURE_FUNCTION_NAME: "site.outputs.name",
    API_URL: "site.outputs.url",
    TENANT_ID: "tenant().tenantId",
    AUTHORITY: "environment().authentication.loginEndpoint",
    MANAGED_IDENTITY_NAME: "identity.outputs.name",
    MANAGED_IDENTITY_PRINCIPAL_ID: "identity.outputs.principalId",
    SERVICE_BUS_NAMESPACE: "serviceBus.outputs.hostName",
    TABLES_URL: "recordsStorage.outputs.tablesUrl",
    KEY_VAULT_URL: "keyVault.outputs.url",
    ROOT_KEY_NAME: "rootKeyName",
    SIGNING_KEY_NAME: "signingKeyName",
  });
});

test("logs of everything go to the one workspace, and alerts look at it and at the bus", () => {
  const { modules } = file("main.bicep");
  const logging = modules.filter(({ params }) => "workspaceId" in params);
  expect(logging).toHaveLength(6);
  for (const { symbol, params } of logging)
    expect([symbol, params.workspaceId]).toEqual([symbol, "=monitoring.outputs.workspaceId"]);
  expect(modules.find(({ symbol }) => symbol === "alerts")?.params).toMatchObject({
    namespaceId: "=serviceBus.outputs.id",
    rootKeyName: "=rootKeyName",
  });
});

test("azd finds what is its own by tags", () => {
  expect(file("main.bicep").variables.get("tags")).toBe("{ 'azd-env-name': environmentName }");
  expect(bodyOf("app/site.bicep", "site")?.tags).toBe(
    "=union(tags, { 'azd-service-name': serviceName })",
  );
});

test("a private network has what Flex joins, and says what its names lead to", () => {
  const network = bodyOf("app/network.bicep", "network");
  const subnets = isFields(network?.properties) ? network.properties.subnets : undefined;
  expect(subnets).toMatchObject([
    {
      name: "functions",
      properties: {
        delegations: [{ properties: { serviceName: "Microsoft.App/environments" } }],
      },
    },
    { name: "endpoints", properties: { defaultOutboundAccess: false } },
  ]);
  expect(bodyOf("app/network.bicep", "links")?.properties).toEqual({
    registrationEnabled: false,
    virtualNetwork: { id: "=network.id" },
  });
  expect(bodyOf("app/privateEndpoint.bicep", "endpoint")?.properties).toMatchObject({
    subnet: { id: "=subnetId" },
    privateLinkServiceConnections: [
      { properties: { privateLinkServiceId: "=targetId", groupIds: ["=group"] } },
    ],
  });
});

test("the relay's firewall lets named addresses in, and no service of Azure's", () => {
  expect(bodyOf("app/serviceBus.bicep", "firewall")?.properties).toEqual({
    defaultAction: "Deny",
    publicNetworkAccess: "=publicAccess",
    trustedServiceAccessEnabled: false,
    ipRules: "=[for address in agentAddresses: { action: 'Allow', ipMask: address }]",
  });
});
