import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BicepFile, bicepParser, readBicepFiles } from "./bicepFile.ts";

const json = (name: string) => JSON.parse(readFileSync(join("infra", name), "utf8"));
let files: readonly BicepFile[] = [];
beforeAll(async () => {
  files = await readBicepFiles();
});

/** What breaks a rule, in every file: none. */
const broken = (rule: (file: BicepFile) => Iterable<string>): string[] =>
  files.flatMap((file) => [...rule(file)].map((what) => `${file.path}: ${what}`));

/** Functions and namespaces of Bicep that are in use; a new one is looked up before it is added. */
const FUNCTIONS = new Set([
  ...["cidrSubnet", "concat", "contains", "empty", "environment", "fail", "filter", "guid"],
  ...[
    "indexOf",
    "items",
    "join",
    "length",
    "loadJsonContent",
    "map",
    "objectKeys",
    "replace",
    "resourceGroup",
  ],
  ...[
    "resourceId",
    "string",
    "subscription",
    "substring",
    "subscriptionResourceId",
    "tenant",
    "toLower",
  ],
  ...["toObject", "union", "uniqueString"],
]);

const symbolsOf = ({ parameters, variables, resources, modules }: BicepFile): string[] => [
  ...parameters.keys(),
  ...variables.keys(),
  ...resources.map(({ symbol }) => symbol),
  ...modules.map(({ symbol }) => symbol),
];
const moduleFile = (file: BicepFile, path: string): BicepFile | undefined =>
  files.find((each) => each.path === join(dirname(file.path), path));

test("every file is read, and parses", () => {
  expect(files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["main.bicep", "app/site.bicep", "app/serviceBus.bicep"]),
  );
  expect(broken(({ faults }) => faults)).toEqual([]);
});

test("the parser tells a broken file, an unknown name and a name of a loop", async () => {
  const parse = await bicepParser();
  expect(parse("a", "param a string =\n").faults).not.toEqual([]);
  const read = parse("b", "var b = [for c in d: filter(c, e => e.f == g)]\n");
  expect([...read.references].sort()).toEqual(["d", "g"]);
  expect([...read.calls]).toEqual(["filter"]);
});

test("every parameter and every variable is used", () => {
  expect(
    broken(({ parameters, variables, references }) =>
      [...parameters.keys(), ...variables.keys()].filter((name) => !references.has(name)),
    ),
  ).toEqual([]);
});

test("every symbol that is named exists, once", () => {
  expect(
    broken((file) => {
      const symbols = symbolsOf(file);
      const unknown = [...file.references].filter((name) => !symbols.includes(name));
      const twice = symbols.filter((name, index) => symbols.indexOf(name) !== index);
      return [...unknown, ...twice];
    }),
  ).toEqual([]);
});

test("every function is known, and none hands out keys", () => {
  expect(broken(({ calls }) => [...calls].filter((name) => !FUNCTIONS.has(name)))).toEqual([]);
  expect([...FUNCTIONS].filter((name) => /^list/.test(name))).toEqual([]);
  expect(broken(({ text }) => text.match(/\.list[A-Z]\w*|\blist[A-Z]\w*\(/g) ?? [])).toEqual([]);
});

test("every module is there and gets the parameters that it has", () => {
  const problems = broken((file) =>
    file.modules.flatMap(({ symbol, path, params }) => {
      const target = moduleFile(file, path);
      if (!target) return [`${path} does not exist`];
      const given = Object.keys(params);
      const missing = [...target.parameters].filter(([, { required }]) => required);
      return [
        ...missing.filter(([name]) => !given.includes(name)).map(([name]) => `${symbol}-${name}`),
        ...given.filter((name) => !target.parameters.has(name)).map((name) => `${symbol}+${name}`),
      ];
    }),
  );
  expect(problems).toEqual([]);
  const used = files.flatMap((file) => file.modules.map(({ path }) => moduleFile(file, path)));
  expect(files.filter((file) => file.path !== "main.bicep" && !used.includes(file))).toEqual([]);
});

test("every output of a module that is read exists", () => {
  expect(
    broken((file) =>
      [...file.text.matchAll(/(\w+)!?\.outputs\.(\w+)/g)]
        .filter(([, symbol, output = ""]) => {
          const path = file.modules.find((each) => each.symbol === symbol)?.path;
          return !path || !moduleFile(file, path)?.outputs.has(output);
        })
        .map(([read]) => read),
    ),
  ).toEqual([]);
});

test("the API versions are those of the table, and the table has no other types", () => {
  const versions = json("apiVersions.json");
  const used = files.flatMap(({ resources }) => resources);
  const wrong = used.filter(({ type, version }) => versions[type] !== version);
  expect(wrong.map(({ type, version }) => `${type}@${version}`)).toEqual([]);
  expect([...new Set(used.map(({ type }) => type))].sort()).toEqual(Object.keys(versions).sort());
});

test("no output is a secret, and those of the whole are variables of azd", () => {
  const secret = /secret|password|connectionString|instrumentationKey|accountKey|\bsas|token/i;
  expect(
    broken(({ outputs }) =>
      [...outputs].filter((each) => secret.test(each.join(" "))).map(([name]) => name),
    ),
  ).toEqual([]);
  const [main] = files.filter(({ path }) => path === "main.bicep");
  expect([...(main?.outputs.keys() ?? [])].filter((name) => !/^[A-Z_]+$/.test(name))).toEqual([]);
  expect(main?.outputs.size).toBeGreaterThan(5);
});

test("the parameters file gives what must be given; azd asks for lists", () => {
  const main = files.find(({ path }) => path === "main.bicep");
  const given: Record<string, { value: string }> = json("main.parameters.json").parameters;
  const parameters = main?.parameters ?? new Map();
  expect(Object.keys(given).filter((name) => !parameters.has(name))).toEqual([]);
  const missing = [...parameters].filter(
    ([name, { required, type }]) => required && !type.endsWith("[]") && !given[name],
  );
  expect(missing).toEqual([]);
  for (const [name, { value }] of Object.entries(given))
    expect([name, value]).toEqual([
      name,
      expect.stringMatching(parameters.get(name)?.required ? /^\$\{\w+\}$/ : /^\$\{\w+=\}$/),
    ]);
});

test("every abbreviation is used, and there is no other", () => {
  const used = files.flatMap(({ text }) => [...text.matchAll(/abbreviations\.(\w+)\}/g)]);
  const names = [...new Set(used.map(([, name]) => name))].sort();
  expect(names).toEqual(Object.keys(json("abbreviations.json")).sort());
});

/** What Azure takes as a name, by the module and the parameter that it comes from. */
const NAMES: Readonly<Record<string, RegExp>> = {
  "identity name": /^[a-z][a-z0-9-]{2,127}$/,
  "monitoring workspaceName": /^[a-z][a-z0-9-]{2,61}[a-z0-9]$/,
  "monitoring componentName": /^[a-z][a-z0-9-]{0,258}[a-z0-9]$/,
  "serviceBus name": /^[a-z][a-z0-9-]{4,48}[a-z0-9]$/,
  "hostStorage name": /^[a-z0-9]{3,24}$/,
  "recordsStorage name": /^[a-z0-9]{3,24}$/,
  "keyVault name": /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/,
  "network name": /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/,
  "hostEndpoint name": /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/,
  "recordsEndpoint name": /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/,
  "busEndpoint name": /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/,
  "vaultEndpoint name": /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/,
  // The host's id is the first 32 characters: more, and two sites would share their leases.
  "site name": /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/,
  "site planName": /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
  "actionGroup name": /^[a-z][a-z0-9-]{0,258}[a-z0-9]$/,
  "budget name": /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
};

test("every name is one that Azure takes, and no deployment's but its own", () => {
  const begin: Record<string, string> = json("abbreviations.json");
  const main = files.find(({ path }) => path === "main.bicep");
  const written = (main?.modules ?? []).flatMap(({ symbol, params }) =>
    Object.entries(params)
      .filter(([, value]) => String(value).includes("abbreviations."))
      .map(([param, value]) => [`${symbol} ${param}`, String(value)] as const),
  );
  expect(written.map(([where]) => where).sort()).toEqual(Object.keys(NAMES).sort());
  for (const [where, value] of written) {
    const name = value
      .replace(/\$\{abbreviations\.(\w+)\}/, (_, kind: string) => begin[kind] ?? "?")
      .replace(/\$\{token\}/, "0a1b2c3d4e5f6");
    expect([where, name]).toEqual([where, expect.stringMatching(NAMES[where] ?? /^$/)]);
    expect(name).toContain("0a1b2c3d4e5f6");
  }
});

test("what would silently not hold is refused, and what was checked is what is used", () => {
  const main = files.find(({ path }) => path === "main.bicep");
  const refusal = (name: string) => main?.variables.get(name)?.replace(/\s+/g, " ");
  expect(refusal("checkedSku")).toMatch(
    /^privateNetworking && serviceBusSku != 'Premium' \? fail\('/,
  );
  for (const [name, checked] of [
    ["agentAddresses", "checkedAgentAddresses"],
    ["operatorAddresses", "checkedOperatorAddresses"],
  ] as const)
    expect(refusal(checked)).toContain(`!privateNetworking && !empty(${name}) ? fail('${name} `);
  expect(refusal("checkedBudget")).toMatch(/empty\(alertEmail\).* \? fail\('/);
  expect(refusal("rootPublicKey")).toMatch(
    /^empty\(rootPublicKeyX\) != empty\(rootPublicKeyY\) \? fail/,
  );
  expect(refusal("connectorNames")).toMatch(
    /^length\(union\(names, names\)\) != length\(names\) \? fail\('/,
  );
  expect(refusal("checkedSigningKeyName")).toMatch(
    /^toLower\(signingKeyName\) == toLower\(rootKeyName\) \? fail\('/,
  );
  const module = (symbol: string) => main?.modules.find((each) => each.symbol === symbol);
  expect(module("serviceBus")?.params).toMatchObject({
    sku: "=checkedSku",
    agentAddresses: "=checkedAgentAddresses",
    private: "=privateNetworking",
  });
  expect(module("serviceBus")?.params.connectors).toBe("=connectorNames");
  expect(module("keyVault")?.params).toMatchObject({
    operatorAddresses: "=checkedOperatorAddresses",
    rootKeyName: "=rootKeyName",
    signingKeyName: "=checkedSigningKeyName",
  });
  expect(module("budget")?.condition).toBe("checkedBudget > 0");
  expect(module("site")?.params.changes).toBe("=checkedSettings");
});
