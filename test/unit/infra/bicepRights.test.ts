import { readFileSync } from "node:fs";
import { type Principal, type Resource, roleNeeds } from "../../../infra/needs/roleNeeds.ts";
import { BUILT_IN_ROLES, OWN_ROLES, ROLES } from "../../../infra/needs/roles.ts";
import { KEY_NAMES } from "../../../protocol/keyNames.ts";
import { type BicepFile, type Fields, isFields, readBicepFiles } from "./bicepFile.ts";

const roles: Record<string, string> = JSON.parse(readFileSync("infra/roles.json", "utf8"));
const ASSIGNMENT = "Microsoft.Authorization/roleAssignments";
/** Ids that Azure gave its roles, written a second time: a wrong digit grants another right. */
const BUILT_IN = {
  "Azure Service Bus Data Receiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
  "Azure Service Bus Data Sender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
  "Key Vault Crypto Officer": "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
  "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
  "Storage Blob Data Owner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
  "Storage Table Data Contributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
};
let files: readonly BicepFile[] = [];
beforeAll(async () => {
  files = await readBicepFiles();
});

const fields = (value: unknown): Fields => (isFields(value as Fields) ? (value as Fields) : {});

/** Name of the built-in role that an expression comes down to, or the expression itself. */
function roleOf(file: BicepFile, expression: string): string {
  const variable = file.variables.get(expression.replace(/^=/, "")) ?? expression;
  const [, name] = /roles\['([^']+)'\]/.exec(variable) ?? [];
  if (name) return name;
  const [, inner] = /roleDefinitions', ([\w.]+)\)/.exec(variable) ?? [];
  return inner ? roleOf(file, `=${inner}`) : expression;
}

const assignments = () =>
  files.flatMap((file) =>
    file.resources
      .filter(({ type }) => type === ASSIGNMENT)
      .map(({ symbol, body }) => {
        const { principalId, principalType, roleDefinitionId } = fields(body.properties);
        return {
          ...{ file, symbol, name: String(body.name), scope: String(body.scope) },
          ...{ principalId: String(principalId), principalType: String(principalType) },
          role: roleOf(file, String(roleDefinitionId)),
        };
      }),
  );

const PRINCIPALS: Readonly<Record<string, Principal>> = {
  "=principalId": "functions",
  "=functionsPrincipalId": "functions",
  "=agentsGroupId": "agents",
  "=operatorsGroupId": "operators",
};

/** The scope of an assignment as the needs name it. */
function resourceOf(file: BicepFile, scope: string): Resource {
  const symbol = scope.replace(/^=|\[index\]$/g, "");
  const found = file.resources.find((each) => each.symbol === symbol);
  const [, module = ""] = /^app\/(\w+)\.bicep$/.exec(file.path) ?? [];
  switch (found?.type) {
    case "Microsoft.ServiceBus/namespaces/queues":
      return { kind: "queue", name: String(found.body.name) };
    case "Microsoft.KeyVault/vaults/keys":
      return { kind: "key", name: String(found.body.name).replace(/^=|KeyName$/g, "") };
    case "Microsoft.Storage/storageAccounts":
      return { kind: "account", name: module.replace(/Storage$/, "") };
    case "Microsoft.Insights/components":
      return { kind: "component", name: module };
    default:
      throw new Error(`${file.path}: a role on ${found?.type ?? scope}`);
  }
}

test("who may do what: all that is needed and nothing else, each on one resource", () => {
  const given = assignments().map(({ file, scope, principalId, role }) => {
    const { kind, name } = resourceOf(file, scope);
    const who = PRINCIPALS[principalId] ?? principalId;
    return `${who}: ${role.replace(/^=(\w+)\.name$/, "$1")} on ${kind} ${name}`;
  });
  const eachConnector = ["$", "{connector}"].join("");
  const needed = roleNeeds([eachConnector]).map(
    ({ who, role, on }) => `${who}: ${role} on ${on.kind} ${on.name}`,
  );
  expect(given.sort()).toEqual(needed.sort());
});

test("a right on the queue of a connector is given for each connector", () => {
  const looped = assignments().filter(({ scope }) => scope.endsWith("[index]"));
  expect(looped.length).toBe(roleNeeds(["a", "b"]).length - roleNeeds(["a"]).length);
  for (const { file, symbol } of looped)
    expect(file.text).toMatch(
      new RegExp(
        `^resource ${symbol} '.*' = \\[\\n {2}for \\(connector, index\\) in connectors: `,
        "m",
      ),
    );
});

test("no condition takes a right away, but for operators where no group is given", () => {
  const conditional = files.flatMap(({ text }) =>
    [...text.matchAll(/^resource (\w+) 'Microsoft\.Authorization\/.*' = (.*\bif\b.*)$/gm)].map(
      ([, symbol, condition]) => [symbol, condition],
    ),
  );
  expect(conditional).toEqual(
    ["operatorsRoot", "operatorsSigning"].map((symbol) => [symbol, "if (hasOperators) {"]),
  );
  const vault = files.find(({ path }) => path === "app/keyVault.bicep");
  expect(vault?.variables.get("hasOperators")).toBe("!empty(operatorsGroupId)");
});

test("each assignment has a name of its own from what it says, and the kind of its principal", () => {
  for (const { file, symbol, name, scope, principalId, principalType } of assignments()) {
    const where = `${file.path} ${symbol}`;
    const principal = principalId.slice(1);
    const start = `=guid(${scope.slice(1)}.id, ${principal}, `;
    expect([where, name.slice(0, start.length)]).toEqual([where, start]);
    const kind = principal.endsWith("GroupId") ? "Group" : "ServicePrincipal";
    expect([where, principalType]).toEqual([where, kind]);
  }
});

test("the last part of each name is the role", () => {
  for (const { file, name, role } of assignments()) {
    const [, variable = ""] = /, ([\w.]+)\)$/.exec(name) ?? [];
    expect(roleOf(file, `=${variable}`)).toBe(role);
  }
});

test("the identity of the functions is who gets their rights", () => {
  const main = files.find(({ path }) => path === "main.bicep");
  const given = main?.modules.flatMap(({ params }) =>
    Object.entries(params).filter(([name]) => /^(functionsP|p)rincipalId$/.test(name)),
  );
  expect(given?.length).toBe(5);
  expect(new Set(given?.map(([, value]) => value))).toEqual(
    new Set(["=identity.outputs.principalId"]),
  );
});

test("the keys have the names that everybody takes them by", () => {
  const main = files.find(({ path }) => path === "main.bicep");
  expect(main?.text).toMatch(
    new RegExp(`^param signingKeyName string = '${KEY_NAMES.signing}'$`, "m"),
  );
  const { defaults } = JSON.parse(readFileSync("infra/settings.json", "utf8"));
  expect(defaults.ROOT_KEY_NAME).toBe(KEY_NAMES.root);
  const vault = main?.modules.find(({ symbol }) => symbol === "keyVault")?.params;
  expect([vault?.rootKeyName, vault?.signingKeyName]).toEqual([
    "=rootKeyName",
    "=checkedSigningKeyName",
  ]);
});

test("the groups that get rights are those that the template is given", () => {
  const main = files.find(({ path }) => path === "main.bicep");
  const given = main?.modules.flatMap(({ params }) =>
    Object.entries(params).filter(([name]) => /^(agents|operators)GroupId$/.test(name)),
  );
  expect(given?.sort()).toEqual([
    ["agentsGroupId", "=agentsGroupId"],
    ["operatorsGroupId", "=operatorsGroupId"],
  ]);
});

test("of the roles of our own one signs and one makes keys, and neither does both or anything else", () => {
  const made = files
    .flatMap(({ resources }) => resources)
    .filter(({ type }) => type === "Microsoft.Authorization/roleDefinitions");
  expect(made.map(({ symbol, body }) => [symbol, fields(body.properties).permissions])).toEqual(
    Object.entries(OWN_ROLES).map(([symbol, dataActions]) => [
      symbol,
      [{ actions: [], notActions: [], dataActions, notDataActions: [] }],
    ]),
  );
  for (const { symbol, body } of made) {
    expect(fields(body.properties).assignableScopes).toEqual(["=groupId"]);
    expect(body.name).toBe(`=guid(groupId, '${symbol}')`);
  }
  const may = (role: keyof typeof OWN_ROLES) =>
    OWN_ROLES[role].map((action) => action.replace("Microsoft.KeyVault/vaults/keys/", ""));
  expect(may("signer")).toEqual(["read", "sign/action"]);
  expect(may("keeper")).toEqual(["read", "create/action", "update/action"]);
});

test("every role that is described is needed by somebody", () => {
  const needed = roleNeeds(["corp"]).map(({ role }) => role);
  expect([...new Set(needed)].sort()).toEqual(Object.keys(ROLES).sort());
});

test("role ids stand in one table, under the names that are described and all used", () => {
  expect(roles).toEqual(BUILT_IN);
  expect(Object.keys(roles).sort()).toEqual(Object.keys(BUILT_IN_ROLES).sort());
  const used = files.flatMap(({ text }) => [...text.matchAll(/roles\['([^']+)'\]/g)]);
  expect([...new Set(used.map(([, name]) => name))].sort()).toEqual(Object.keys(roles).sort());
  const literal = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
  expect(files.filter(({ text }) => literal.test(text)).map(({ path }) => path)).toEqual([]);
});
