import { readFileSync } from "node:fs";
import { readConfiguration } from "../../../functions/configuration.ts";

const ID = "7d3c2f10-0000-4000-8000-00000000aaaa";
const KEY = JSON.stringify({ kty: "EC", crv: "P-256", x: "A".repeat(43), y: "B".repeat(43) });
const complete: Record<string, string> = {
  TENANT_ID: ID,
  API_CLIENT_ID: ID,
  ALLOWED_CLIENTS: JSON.stringify([ID.toUpperCase()]),
  MANAGED_IDENTITY_CLIENT_ID: ID,
  SERVICE_BUS_NAMESPACE: "contoso.servicebus.windows.net",
  TABLES_URL: "https://contoso.table.core.windows.net/",
  KEY_VAULT_URL: "https://contoso.vault.azure.net/",
  ROOT_PUBLIC_KEY: KEY,
  CONNECTORS: '[{"name":"corp","domains":["CORP.example"]}]',
};

const messageOf = (changes: Record<string, string | undefined>): string => {
  try {
    readConfiguration({ ...complete, ...changes });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

test("what may be left out has the value of the public cloud", () => {
  expect(readConfiguration(complete)).toMatchObject({
    AUTHORITY: "https://login.microsoftonline.com",
    GRAPH_URL: "https://graph.microsoft.com",
    TABLES_URL: "https://contoso.table.core.windows.net",
    KEY_VAULT_URL: "https://contoso.vault.azure.net",
    ROOT_KEY_NAME: "root",
    CONNECTORS: [{ name: "corp", domains: ["corp.example"] }],
    TOTAL_WAIT_SECONDS: 20,
    PROOF_MAX_AGE_SECONDS: 900,
    AUDIT_RETENTION_DAYS: 365,
    SELF_SERVICE_FOR_ROLE_HOLDERS: false,
    ALLOWED_CLIENTS: [ID],
    ACCEPT_GRAPH_PERMISSIONS: false,
    PORTAL_MAY_USE_SECRET: false,
    STEP_UP_ROUTES: {},
  });
});

test("automation is off unless a group is named for it", () => {
  expect(readConfiguration(complete).AUTOMATION_GROUP_ID).toBeUndefined();
  const named = readConfiguration({ ...complete, AUTOMATION_GROUP_ID: ID.toUpperCase() });
  expect(named.AUTOMATION_GROUP_ID).toBe(ID);
});

test("what limits attempts is as Microsoft's where nothing is said", () => {
  expect(readConfiguration(complete)).toMatchObject({
    THROTTLE_RESETS: 5,
    THROTTLE_WINDOW_SECONDS: 3_600,
    THROTTLE_BLOCK_SECONDS: 86_400,
    BRAKE_STOPS_WRITES: false,
  });
  expect(readConfiguration({ ...complete, BRAKE_STOPS_WRITES: "true" }).BRAKE_STOPS_WRITES).toBe(
    true,
  );
  for (const wrong of [
    { THROTTLE_RESETS: "0" },
    { THROTTLE_RESETS: "51" },
    { THROTTLE_WRONG_PASSWORDS: "many" },
    { RATE_REQUESTER_PER_MINUTE: "-1" },
    { BRAKE_RESETS_PER_MINUTE: "0" },
    { BRAKE_STOPS_WRITES: "yes" },
  ])
    expect(messageOf(wrong)).toContain(`  ${Object.keys(wrong)[0]}: `);
});

test.each(Object.keys(complete))("without %s it does not start, and says so", (name) => {
  const message = messageOf({ [name]: undefined });
  expect(message.split("\n")).toHaveLength(2);
  expect(message).toContain(`  ${name}: `);
});

test.each<[string, string]>([
  ["TENANT_ID", "canary-tenant"],
  ["AUTHORITY", "http://canary.example"],
  ["ALLOWED_CLIENTS", '["canary"]'],
  ["ALLOWED_CLIENTS", "[]"],
  ["ACCEPT_GRAPH_PERMISSIONS", "canary"],
  ["PORTAL_MAY_USE_SECRET", "canary"],
  ["STEP_UP_CONTEXT", "canary"],
  ["STEP_UP_ROUTES", '{"adminResetPassword":"canary"}'],
  ["GRAPH_URL", "canary"],
  ["SERVICE_BUS_ENDPOINT", "canary://bus"],
  ["SERVICE_BUS_NAMESPACE", "canary key=value;SharedAccessKey"],
  ["TABLES_URL", "http://canary.example"],
  ["TABLES_URL", "https://contoso.table.core.windows.net/?sig=canary"],
  ["TABLES_URL", "https://contoso.table.core.windows.net/#canary"],
  ["GRAPH_URL", "https://canary@graph.microsoft.com"],
  ["KEY_VAULT_URL", "canary"],
  ["ROOT_PUBLIC_KEY", "canary"],
  ["ROOT_PUBLIC_KEY", '{"kty":"EC","crv":"P-256","x":"canary","y":"canary"}'],
  ["ROOT_PUBLIC_KEY", KEY.replace("}", `,"d":"canary${"A".repeat(37)}"}`)],
  ["CONNECTORS", "[]"],
  ["CONNECTORS", '[{"name":"Canary Corp","domains":["x"]}]'],
  ["CONNECTORS", '[{"name":"corp","domains":[]}]'],
  ["CONNECTORS", '[{"name":"corp","domains":["x"],"canary":1}]'],
  ["TOTAL_WAIT_SECONDS", "canary"],
  ["TOTAL_WAIT_SECONDS", "0"],
  ["TOTAL_WAIT_SECONDS", ""],
  ["TOTAL_WAIT_SECONDS", "2e1"],
  ["TOTAL_WAIT_SECONDS", "61"],
  ["THROTTLE_BLOCK_SECONDS", "31536001"],
  ["WRITE_START_SECONDS", "1.5"],
  ["PROOF_MAX_AGE_SECONDS", "-1"],
  ["AUDIT_RETENTION_DAYS", "0"],
  ["AUDIT_RETENTION_DAYS", "3651"],
  ["SELF_SERVICE_FOR_ROLE_HOLDERS", "canary"],
  ["SELF_SERVICE_FOR_ROLE_HOLDERS", "1"],
  ["AUTOMATION_GROUP_ID", "canary"],
  ["AUTOMATION_GROUP_ID", ""],
])("a wrong %s is named and its value is not told (%s)", (name, value) => {
  const message = messageOf({ [name]: value });
  expect(message).toContain(`  ${name}`);
  expect(message.replace('"canary"', "")).not.toContain("canary");
});

test("the longest wait ends well before the host ends a call", () => {
  const { functionTimeout } = JSON.parse(readFileSync("host.json", "utf8"));
  const { TOTAL_WAIT_SECONDS } = readConfiguration({ ...complete, TOTAL_WAIT_SECONDS: "60" });
  const [hours = 0, minutes = 0, seconds = 0] = functionTimeout.split(":").map(Number);
  expect(hours * 3_600 + minutes * 60 + seconds).toBeGreaterThanOrEqual(TOTAL_WAIT_SECONDS + 30);
});

test("all that is wrong is told at once", () => {
  const message = messageOf({ TENANT_ID: "x", TABLES_URL: "x", CONNECTORS: "x" });
  for (const name of ["TENANT_ID", "TABLES_URL", "CONNECTORS"]) expect(message).toContain(name);
});

test("two connectors that share a name or a domain, and a write that starts after the wait, are refused", () => {
  const corp = { name: "corp", domains: ["corp.example"] };
  const name = [corp, { name: "corp", domains: ["emea.example"] }];
  const domain = [corp, { name: "emea", domains: ["CORP.EXAMPLE"] }];
  expect(messageOf({ CONNECTORS: JSON.stringify(name) })).toContain("CONNECTORS");
  expect(messageOf({ CONNECTORS: JSON.stringify(domain) })).toContain("CONNECTORS");
  const order = { TOTAL_WAIT_SECONDS: "9", WRITE_START_SECONDS: "9" };
  expect(messageOf(order)).toContain("WRITE_START_SECONDS");
});

test.each(["", " 5", "5.0", "1e3", "0x10", "-0"])("'%s' is no number of calls", (text) => {
  expect(messageOf({ RATE_ADDRESS_PER_MINUTE: text })).toContain("  RATE_ADDRESS_PER_MINUTE: ");
});
