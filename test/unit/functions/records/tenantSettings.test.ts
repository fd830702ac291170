import { settingsChanges } from "../../../../functions/records/settingsChanges.ts";
import {
  changed,
  DEFAULT_SETTINGS,
  parseStored,
  type SettingsChange,
  settingsChange,
  settingsOf,
} from "../../../../functions/records/tenantSettings.ts";

const GROUP = "9e0a3c00-0000-4000-8000-000000000011";
const accepts = (change: unknown) => settingsChange.safeParse(change).success;
const after = (...changes: SettingsChange[]) =>
  settingsOf(changes.reduce<ReturnType<typeof changed>>(changed, {}));

test("of a fresh tenant nobody is helped", () => {
  expect(settingsOf({})).toEqual(DEFAULT_SETTINGS);
  expect(DEFAULT_SETTINGS).toMatchObject({
    features: { passwordWritebackEnabled: false, accountUnlockEnabled: false },
    selfService: { scope: "none" },
  });
});

test("a change puts what it names in place, lists whole, and leaves the rest", () => {
  const settings = after(
    { selfService: { scope: "selected", includeGroups: [GROUP] }, helpContact: "help@x.example" },
    { features: { passwordWritebackEnabled: true }, selfService: { includeGroups: [] } },
  );
  expect(settings).toEqual({
    ...DEFAULT_SETTINGS,
    features: { passwordWritebackEnabled: true, accountUnlockEnabled: false },
    selfService: { ...DEFAULT_SETTINGS.selfService, scope: "selected", includeGroups: [] },
    helpContact: "help@x.example",
  });
});

test("ids are kept in lower case", () => {
  const change = settingsChange.parse({ selfService: { excludeGroups: [GROUP.toUpperCase()] } });
  expect(change.selfService?.excludeGroups).toEqual([GROUP]);
});

const many = (count: number) => Array.from({ length: count }, () => GROUP);
test.each<[string, unknown]>([
  ["an unknown member", { feature: {} }],
  ["an unknown member of a group", { features: { passwordWriteback: true } }],
  ["a text for a switch", { features: { passwordWritebackEnabled: "true" } }],
  ["null for a switch", { features: { passwordWritebackEnabled: null } }],
  ["null for a group", { selfService: null }],
  ["an unknown scope", { selfService: { scope: "some" } }],
  ["a group by name", { selfService: { includeGroups: ["staff"] } }],
  ["21 groups", { selfService: { excludeGroups: many(21) } }],
  ["no service plan at all", { selfService: { servicePlans: [] } }],
  ["51 service plans", { selfService: { servicePlans: many(51) } }],
  ["the id", { id: GROUP }],
  ["the version", { version: 2 }],
  ["a list", []],
  ["a text", "on"],
  ...[
    "http://help.contoso.example",
    "javascript:alert(1)",
    "https://user:secret@help.contoso.example/",
    "https://help.contoso.example/\nSet-Cookie: a",
    'https://help.contoso.example/"><script>',
    "https://help.contoso.example/'onmouseover=alert(1)//",
    "https://help",
    "help@contoso.example\r\nBcc: x@y.example",
    "mailto:help@contoso.example",
    "",
    `https://help.contoso.example/${"x".repeat(500)}`,
  ].map((helpContact): [string, unknown] => [
    `the contact ${helpContact.slice(0, 60)}`,
    { helpContact },
  ]),
])("%s is refused", (_, change) => {
  expect(accepts(change)).toBe(false);
});

test.each([
  "https://help.contoso.example",
  "https://help.contoso.example:8443/self-service?lang=en&x=%20#reset",
  "help.desk@contoso.example",
  null,
])("the contact %p is accepted", (helpContact) => {
  expect(accepts({ helpContact })).toBe(true);
});

test("nothing to change is a change of nothing", () => {
  expect(accepts({})).toBe(true);
  expect(after({})).toEqual(DEFAULT_SETTINGS);
});

describe("stored settings", () => {
  const newer = { version: 1, selfService: { scope: "all", hours: "8-18" }, mail: { to: "x" } };

  test("members of a newer version are passed over, and outlive a change", () => {
    const kept = parseStored(JSON.stringify(newer));
    expect(settingsOf(kept)).toEqual({
      ...DEFAULT_SETTINGS,
      selfService: { ...DEFAULT_SETTINGS.selfService, scope: "all" },
    });
    expect(changed(kept, { selfService: { scope: "none" } })).toEqual({
      ...newer,
      selfService: { scope: "none", hours: "8-18" },
    });
  });

  test.each([
    ["of a version that must not be passed over", JSON.stringify({ ...newer, version: 2 })],
    ["without a version", "{}"],
    ["that are no JSON", '{"version":1'],
    ["that are no object", "[1]"],
    ["that are not there", "undefined"],
  ])("settings %s are none", (_, json) => {
    expect(() => parseStored(json)).toThrow();
  });

  test.each([
    { selfService: { scope: "some" } },
    { selfService: "all" },
    { features: { passwordWritebackEnabled: "yes" } },
    { features: [] },
    { helpContact: 5 },
  ])("%j is not understood rather than half understood", (members) => {
    expect(() => settingsOf({ version: 1, ...members })).toThrow();
  });
});

test("differences are told by name, with the values before and after", () => {
  const next = after({
    features: { passwordWritebackEnabled: true },
    selfService: { includeGroups: [GROUP], scope: "none" },
    helpContact: "help@contoso.example",
  });
  expect(settingsChanges(DEFAULT_SETTINGS, next)).toEqual([
    { name: "features.passwordWritebackEnabled", before: "false", after: "true" },
    { name: "selfService.includeGroups", before: "[]", after: `["${GROUP}"]` },
    { name: "helpContact", before: "null", after: '"help@contoso.example"' },
  ]);
  expect(settingsChanges(next, next)).toEqual([]);
});
