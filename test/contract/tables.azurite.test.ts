import { TableClient } from "@azure/data-tables";
import { ManagedIdentityCredential } from "@azure/identity";
import { startTables, type Tables } from "../../local/tables/startTables.ts";
import { FUNCTIONS, startTenant, type Tenant } from "./identityFixture.ts";
import { tableName, tablesSuite } from "./tables/suite.ts";

let tenant: Tenant;
let tables: Tables;
const environment = { ...process.env };

beforeAll(async () => {
  tenant = await startTenant();
  process.env.IDENTITY_ENDPOINT = tenant.identity.managedIdentityEndpoint;
  process.env.IDENTITY_HEADER = tenant.identity.managedIdentityHeader;
  tables = await startTables({ certificates: tenant.certificates });
});
afterAll(async () => {
  process.env = environment;
  await tables.stop();
  await tenant.stop();
});

const open = () =>
  new TableClient(
    tables.url,
    tableName(),
    new ManagedIdentityCredential({ clientId: FUNCTIONS.clientId }),
    { tlsOptions: { ca: tenant.certificates.ca }, retryOptions: { maxRetries: 0 } },
  );

tablesSuite(open);
