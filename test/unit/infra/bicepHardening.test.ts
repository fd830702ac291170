import { type BicepFile, type Fields, isFields, readBicepFiles } from "./bicepFile.ts";

let files: readonly BicepFile[] = [];
beforeAll(async () => {
  files = await readBicepFiles();
});

const made = (type: string) =>
  files
    .flatMap((file) => file.resources.map((resource) => ({ ...resource, file })))
    .filter((resource) => resource.type === type && !resource.existing)
    .map(({ file, body }) => ({
      path: file.path,
      body,
      properties: isFields(body.properties) ? body.properties : {},
    }));

const PRIVATE_OR_PUBLIC = "=private ? 'Disabled' : 'Enabled'";
const FIREWALL = "=private ? 'Deny' : 'Allow'";

/** What each resource of a type must say, and how many there are. */
const RULES: readonly [type: string, count: number, properties: Fields][] = [
  [
    "Microsoft.Storage/storageAccounts",
    2,
    {
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
      publicNetworkAccess: PRIVATE_OR_PUBLIC,
      networkAcls: { bypass: "None", defaultAction: FIREWALL },
    },
  ],
  ["Microsoft.Storage/storageAccounts/blobServices/containers", 1, { publicAccess: "None" }],
  [
    "Microsoft.KeyVault/vaults",
    1,
    {
      enableRbacAuthorization: true,
      accessPolicies: [],
      enableSoftDelete: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: "=publicAccess",
      networkAcls: {
        bypass: "AzureServices",
        defaultAction: FIREWALL,
        ipRules: "=map(operatorAddresses, address => { value: address })",
      },
    },
  ],
  [
    "Microsoft.KeyVault/vaults/keys",
    2,
    {
      kty: "EC",
      curveName: "P-256",
      keyOps: ["sign", "verify"],
      attributes: { enabled: true, exportable: false },
    },
  ],
  [
    "Microsoft.ServiceBus/namespaces",
    1,
    { disableLocalAuth: true, minimumTlsVersion: "1.2", publicNetworkAccess: "=publicAccess" },
  ],
  [
    "Microsoft.ServiceBus/namespaces/networkRuleSets",
    1,
    { defaultAction: "Deny", publicNetworkAccess: "=publicAccess" },
  ],
  [
    "Microsoft.OperationalInsights/workspaces",
    1,
    {
      features: { disableLocalAuth: true },
      publicNetworkAccessForIngestion: "Enabled",
      publicNetworkAccessForQuery: "Enabled",
    },
  ],
  [
    "Microsoft.Insights/components",
    1,
    {
      DisableLocalAuth: true,
      publicNetworkAccessForIngestion: "Enabled",
      publicNetworkAccessForQuery: "Enabled",
    },
  ],
  [
    "Microsoft.Web/sites",
    1,
    {
      httpsOnly: true,
      publicNetworkAccess: "Enabled",
      keyVaultReferenceIdentity: "=identityId",
      siteConfig: expect.objectContaining({
        minTlsVersion: "1.2",
        scmMinTlsVersion: "1.2",
        http20Enabled: true,
        remoteDebuggingEnabled: false,
        cors: { allowedOrigins: [] },
      }),
    },
  ],
  ["Microsoft.Web/sites/basicPublishingCredentialsPolicies", 1, { allow: false }],
];

test.each(RULES)("%s: each of the %i is closed", (type, count, properties) => {
  const found = made(type);
  expect(found.length).toBe(count);
  for (const each of found) expect(each.properties).toMatchObject(properties);
});

test("whatever speaks of the public network has its rule above", () => {
  const speaking = files.flatMap(({ resources }) =>
    resources
      .filter(({ body }) => JSON.stringify(body).includes("publicNetworkAccess"))
      .map(({ type }) => type),
  );
  const ruled = RULES.filter(([, , rule]) => JSON.stringify(rule).includes("publicNetworkAccess"));
  expect(new Set(speaking)).toEqual(new Set(ruled.map(([type]) => type)));
});

test("a private namespace is public for named agents only, a private vault for named operators", () => {
  const bus = files.find(({ path }) => path === "app/serviceBus.bicep");
  const vault = files.find(({ path }) => path === "app/keyVault.bicep");
  expect(bus?.variables.get("hasOutsiders")).toBe("private && !empty(agentAddresses)");
  expect(bus?.variables.get("publicAccess")).toBe(
    "!private || hasOutsiders ? 'Enabled' : 'Disabled'",
  );
  expect(vault?.variables.get("publicAccess")).toBe(
    "!private || !empty(operatorAddresses) ? 'Enabled' : 'Disabled'",
  );
  const firewall = bus?.resources.find(({ symbol }) => symbol === "firewall");
  expect(bus?.text).toContain(`${firewall?.type}@${firewall?.version}' = if (hasOutsiders) {`);
});

/** What Flex Consumption takes of `siteConfig`; others, such as `ftpsState`, end the deployment. */
const ON_FLEX = [
  ...["appSettings", "cors", "http20Enabled", "minTlsVersion"],
  ...["remoteDebuggingEnabled", "scmMinTlsVersion"],
];

test("the site says nothing that Flex Consumption refuses", () => {
  const [site] = made("Microsoft.Web/sites");
  const config = site?.properties.siteConfig;
  expect(Object.keys(isFields(config) ? config : {}).sort()).toEqual(ON_FLEX);
});

test("what is deleted of the host's storage can be had back for a week", () => {
  const [blobs] = made("Microsoft.Storage/storageAccounts/blobServices");
  const week = { enabled: true, days: 7 };
  expect(blobs?.properties).toEqual({
    deleteRetentionPolicy: week,
    containerDeleteRetentionPolicy: week,
  });
});

test("no deployment touches the tags of a key: the root key's holds the serial of the list", () => {
  const tagged = made("Microsoft.KeyVault/vaults/keys").filter(({ body }) => "tags" in body);
  expect(tagged).toEqual([]);
});

test("nobody lives by a shared access signature: those of records are refused, the rest is told", () => {
  const policies = made("Microsoft.Storage/storageAccounts").map(({ path, properties }) => [
    path,
    isFields(properties.sasPolicy) && properties.sasPolicy.expirationAction,
  ]);
  expect(policies).toEqual([
    ["app/hostStorage.bicep", "Log"],
    ["app/recordsStorage.bicep", "Block"],
  ]);
});

test("every read, write and deletion in storage is logged", () => {
  const settings = made("Microsoft.Insights/diagnosticSettings");
  const stores = settings.filter(({ path }) => path.endsWith("Storage.bicep"));
  expect(stores.length).toBe(2);
  for (const { properties } of stores)
    expect(properties.logs).toEqual(
      ["StorageRead", "StorageWrite", "StorageDelete"].map((category) => ({
        category,
        enabled: true,
      })),
    );
});

test("neither way of basic publishing is open", () => {
  const site = files.find(({ path }) => path === "app/site.bicep");
  expect(site?.text).toMatch(
    /basicPublishingCredentialsPolicies@[\d-]+' = \[\s+for way in \['scm', 'ftp'\]/,
  );
  const [policy] = made("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
  expect(policy?.body).toMatchObject({ name: "=way", location: "=location" });
});

test("one always-ready instance for HTTP unless another number is given, on Node 24", () => {
  const main = files.find(({ path }) => path === "main.bicep");
  expect(main?.text).toMatch(/^param alwaysReadyInstances int = 1$/m);
  const [site] = made("Microsoft.Web/sites");
  expect(site?.properties.functionAppConfig).toMatchObject({
    runtime: { name: "node", version: "24" },
    scaleAndConcurrency: {
      alwaysReady: expect.stringContaining(
        "[{ name: 'http', instanceCount: alwaysReadyInstances }]",
      ),
    },
  });
});

test("everything private has an endpoint, and the site waits for all of them", () => {
  const main = files.find(({ path }) => path === "main.bicep");
  const endpoints = main?.modules.filter(({ path }) => path === "app/privateEndpoint.bicep") ?? [];
  expect(endpoints.map(({ params }) => [params.targetId, params.group])).toEqual([
    ["=hostStorage.outputs.id", "blob"],
    ["=recordsStorage.outputs.id", "table"],
    ["=serviceBus.outputs.id", "namespace"],
    ["=keyVault.outputs.id", "vault"],
  ]);
  for (const { condition } of endpoints) expect(condition).toBe("privateNetworking");
  expect(main?.text).toContain(`dependsOn: [${endpoints.map(({ symbol }) => symbol).join(", ")}]`);
});

test("the zones of private names are those of the cloud that is deployed to", () => {
  const network = files.find(({ path }) => path === "app/network.bicep");
  expect(network?.text).not.toMatch(/\.(net|cn|com)\b/);
  const main = files.find(({ path }) => path === "main.bicep");
  const params = main?.modules.find(({ path }) => path === "app/network.bicep")?.params;
  expect(params?.relayHost).toBe("=serviceBus.outputs.hostName");
});

test("every store of data sends what was done in it to the workspace", () => {
  const logged = made("Microsoft.Insights/diagnosticSettings").map(({ path, body, properties }) => [
    path,
    body.scope,
    properties.workspaceId,
  ]);
  expect(logged).toEqual([
    ["app/hostStorage.bicep", "=blobs", "=workspaceId"],
    ["app/keyVault.bicep", "=vault", "=workspaceId"],
    ["app/recordsStorage.bicep", "=tableService", "=workspaceId"],
    ["app/serviceBus.bicep", "=namespace", "=workspaceId"],
    ["app/site.bicep", "=site", "=workspaceId"],
  ]);
});
