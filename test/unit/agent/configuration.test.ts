import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  ConfigurationError,
  parseConfiguration,
  readConfiguration,
} from "../../../agent/configuration.ts";

const COORDINATE = "A".repeat(43);
const GIVEN = {
  agentId: "agent-1",
  connector: "corp",
  tenantId: "7d3c2f10-0000-4000-8000-00000000aaaa",
  entra: { clientId: "7d3c2f10-0000-4000-8000-00000000bbbb", certificateFile: "agent.pem" },
  api: { url: "https://writeback.contoso.example", scope: "api://writeback/.default" },
  relay: { namespace: "contoso.servicebus.windows.net" },
  rootKey: { kty: "EC", crv: "P-256", x: COORDINATE, y: COORDINATE },
  keyFolder: "keys",
  dataDirectory: "data",
  directory: {
    domains: [
      {
        domainControllers: [{ url: "ldaps://dc1.corp.example" }],
        baseDn: "DC=corp,DC=example",
        bindDn: "svc-writeback@corp.example",
        passwordFile: "service-account.secret",
        sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
        canary: "svc-canary@corp.example",
      },
    ],
  },
};
const DOMAIN = "directory.domains.0";

/** The configuration with one key, by its path, set to something else or taken away. */
function withKey(path: string, value: unknown): string {
  const copy = structuredClone(GIVEN) as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce((node, name) => node[name] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(copy);
}

const complaint = (content: string): string => {
  try {
    parseConfiguration(content);
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
};

test("what is not said has its standard", () => {
  const { maximumJobs, directory, entra } = parseConfiguration(JSON.stringify(GIVEN));
  expect({ maximumJobs, authority: entra.authority }).toEqual({
    maximumJobs: 16,
    authority: "https://login.microsoftonline.com",
  });
  expect(directory).toMatchObject({
    domains: [{ allowWeakerEnforcement: false, checkUserPrincipalName: false }],
    connections: 4,
    timeouts: { connect: 5_000, search: 5_000, modify: 10_000 },
  });
});

test("the domains on the page of the directory are such a configuration", () => {
  const page = readFileSync("docs/directory.md", "utf8");
  const example = /```json\n("directory"[^`]*)```/.exec(page)?.[1] ?? "";
  const { directory } = JSON.parse(`{${example}}`);
  const parsed = parseConfiguration(JSON.stringify({ ...GIVEN, directory }));
  expect(parsed.directory).toMatchObject(directory);
});

test.each([
  ["agentId", undefined, "agentId: is missing"],
  ["agentId", "Agent 1", "agentId: must be lower-case letters"],
  ["tenantId", "contoso", "tenantId: must be the tenant's id"],
  ["entra.certificateFile", undefined, "entra.certificateFile: is missing"],
  ["entra.authority", "http://login.example", "entra.authority: must be a URL that starts with"],
  ["api.url", "http://writeback.contoso.example", "api.url: must be a URL that starts with https"],
  ["relay.namespace", "sb://contoso", "relay.namespace: must be the host name"],
  ["directory", undefined, "directory: is missing"],
  ["directory.domains", undefined, "directory.domains: is missing"],
  ["directory.domains", [], "directory.domains: must name at least one domain"],
  ["directory.domains", {}, "directory.domains: must be a list of domains"],
  ["directory.url", "ldaps://dc1", "directory.url: unknown; remove it"],
  [`${DOMAIN}.domainControllers`, undefined, `${DOMAIN}.domainControllers: is missing`],
  [`${DOMAIN}.domainControllers`, [], "domainControllers: must name at least one"],
  [`${DOMAIN}.domainControllers`, ["dc1"], "domainControllers.0: "],
  [
    `${DOMAIN}.domainControllers`,
    [{ url: "ldaps://dc1" }, { url: "ldap://dc2" }],
    `${DOMAIN}.domainControllers.1.url: must be a URL that starts with ldaps://`,
  ],
  [`${DOMAIN}.sourceAnchorAttribute`, "mail", `${DOMAIN}.sourceAnchorAttribute: must be`],
  [`${DOMAIN}.canary`, "someone", `${DOMAIN}.canary: must be the UPN or the objectGUID`],
  [`${DOMAIN}.allowWeakerEnforcement`, "yes", "allowWeakerEnforcement: must be true"],
  [`${DOMAIN}.checkUserPrincipalName`, 1, "checkUserPrincipalName: must be true or false"],
  [`${DOMAIN}.passwordFilter`, { helpText: "x".repeat(501) }, "helpText: must have at most 500"],
  [`${DOMAIN}.passwordFilter`, { helpText: "" }, "passwordFilter.helpText: must not be"],
  [`${DOMAIN}.guard`, { scope: { in: ["Staff"] } }, "guard.scope.in.0: must be a disting"],
  [`${DOMAIN}.guard`, { rules: { trust: "allow" } }, "guard.rules.trust: unknown"],
  [`${DOMAIN}.verify`, false, `${DOMAIN}.verify: unknown; remove it`],
  ["directory.connections", 0, "directory.connections: must be at least 1"],
  ["directory.timeouts", { modify: 5 }, "directory.timeouts.modify: must be at least 100"],
  ["rootKey.d", COORDINATE, "rootKey: must be the public root key"],
])("%s = %j: %s", (path, value, expected) => {
  expect(complaint(withKey(path, value))).toContain(expected);
});

test("no value is ever quoted, whatever is wrong with it", () => {
  const paths = [
    "agentId",
    "api.scope",
    `${DOMAIN}.bindDn`,
    `${DOMAIN}.domainControllers`,
    "relay.namespace",
  ];
  const canary = fc.stringMatching(/^[a-z]{12}$/).map((text) => `§${text}§`);
  fc.assert(
    fc.property(fc.constantFrom(...paths), canary, fc.boolean(), (path, text, nested) => {
      const message = complaint(withKey(path, nested ? { text } : `${text}\n`));
      expect(message).not.toContain(text);
    }),
  );
});

test("a file that everybody may write is refused: the root key stands in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "agent-configuration-"));
  const file = join(folder, "agent.json");
  writeFileSync(file, JSON.stringify(GIVEN));
  chmodSync(file, 0o646);
  await expect(readConfiguration(file)).rejects.toThrow(/^--config: .* chmod 600/);
  chmodSync(file, 0o664);
  expect(await readConfiguration(file)).toMatchObject({ agentId: "agent-1" });
  rmSync(folder, { recursive: true });
});

test("a file that is no JSON is said to be none, without a word of it", () => {
  expect(complaint('{"directory": secret')).toBe("The configuration file is not JSON.");
});

describe("a configuration of the first version", () => {
  const { keyFolder: _, directory, ...common } = GIVEN;
  const { domainControllers: __, ...domain } = directory.domains[0] ?? {};
  const controller = { url: "ldaps://10.0.0.1", servername: "dc1.corp.example" };
  const FIRST = {
    ...common,
    encryptionKeyFile: "keys/encryption.jwk.json",
    directory: { ...controller, ...domain, connections: 7, timeouts: { modify: 9_000 } },
  };
  const read = (given: object) => {
    const warned: string[] = [];
    const configuration = parseConfiguration(JSON.stringify(given), (members) =>
      warned.push(...members),
    );
    return { configuration, warned };
  };

  test("reads as today's would that says the same, and what to change is named", () => {
    const { configuration, warned } = read(FIRST);
    const today = {
      domains: [{ ...domain, domainControllers: [controller] }],
      ...{ connections: 7, timeouts: { modify: 9_000 } },
    };
    expect(configuration).toEqual(
      parseConfiguration(JSON.stringify({ ...GIVEN, directory: today })),
    );
    expect(warned).toEqual(["encryptionKeyFile: keyFolder", "directory.url: directory.domains"]);
  });

  test("half of it is translated too, and today's own is not", () => {
    expect(read({ ...GIVEN, directory: FIRST.directory }).warned).toEqual([
      "directory.url: directory.domains",
    ]);
    expect(read(GIVEN)).toEqual({ configuration: read(GIVEN).configuration, warned: [] });
  });

  test.each<[string, object, string]>([
    ["http", { ...FIRST.directory, url: "http://dc1" }, `${DOMAIN}.domainControllers.0.url: must`],
    ["a member too many", { ...FIRST.directory, verify: false }, `${DOMAIN}.verify: unknown`],
    ["no password file", { ...FIRST.directory, passwordFile: undefined }, "passwordFile: is miss"],
    ["both forms", { ...FIRST.directory, ...directory }, "directory.url: unknown; remove it"],
    [
      "a controller in each form",
      { ...FIRST.directory, domainControllers: [{ url: "ldaps://10.0.0.2" }] },
      "directory.url: unknown; remove it",
    ],
  ])("is judged as strictly: %s", (_case, changed, expected) => {
    expect(complaint(JSON.stringify({ ...FIRST, directory: changed }))).toContain(expected);
  });

  test.each([
    ["a key whose file has another ending", { encryptionKeyFile: "agent.key" }],
    ["a key by both names", { keyFolder: "keys" }],
    ["a key that is no path", { encryptionKeyFile: 7 }],
  ])("%s is for a person to change", (_case, changed) => {
    expect(complaint(JSON.stringify({ ...FIRST, ...changed }))).toContain(
      "encryptionKeyFile: unknown; remove it",
    );
  });
});
