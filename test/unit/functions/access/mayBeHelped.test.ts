import {
  type HelpAsked,
  mayBeHelped,
  refusalByGroups,
  refusalBySettings,
} from "../../../../functions/access/mayBeHelped.ts";
import type { Asked } from "../../../../functions/access/permit.ts";
import { ApiError } from "../../../../functions/http/apiError.ts";
import {
  changed,
  type SettingsChange,
  settingsOf,
} from "../../../../functions/records/tenantSettings.ts";
import { partsWith } from "../partsWith.ts";

const [P1, P2, OTHER] = ["1", "2", "3"].map((last) => `9e0a3c00-0000-4000-8000-00000000001${last}`);
const OPEN: SettingsChange = {
  features: { passwordWritebackEnabled: true, accountUnlockEnabled: true },
  selfService: { scope: "all", servicePlans: [String(P1), String(P2)] },
};
const settingsWith = (...changes: SettingsChange[]) =>
  settingsOf([OPEN, ...changes].reduce<ReturnType<typeof changed>>(changed, {}));

const DEEDS = {
  selfChange: { origin: "self", operation: "change" },
  selfReset: { origin: "self", operation: "reset", mustChange: false },
  selfUnlock: { origin: "self", operation: "unlock" },
  selfRules: { origin: "self", operation: "passwordRules" },
  portalChange: { origin: "portal", operation: "change" },
  portalReset: { origin: "portal", operation: "reset", mustChange: false },
  portalUnlock: { origin: "portal", operation: "unlock" },
  portalRules: { origin: "portal", operation: "passwordRules" },
  adminReset: { origin: "admin", operation: "reset", mustChange: true },
  adminLastingReset: { origin: "admin", operation: "reset", mustChange: false },
  adminUnlock: { origin: "admin", operation: "unlock" },
  adminRules: { origin: "admin", operation: "passwordRules" },
  adminRequireChange: { origin: "admin", operation: "requireChange" },
  automationReset: { origin: "automation", operation: "reset", mustChange: false },
  automationUnlock: { origin: "automation", operation: "unlock" },
  automationRequireChange: { origin: "automation", operation: "requireChange" },
} as const satisfies Record<string, Pick<HelpAsked, "origin" | "operation" | "mustChange">>;
type Deed = keyof typeof DEEDS;
const ALL = Object.keys(DEEDS) as Deed[];
const SELF_SERVICE = ALL.filter((deed) => /^(self|portal)/.test(deed));

const judge = (deed: Deed, settings: SettingsChange, servicePlans: readonly string[] = []) =>
  refusalBySettings({
    ...DEEDS[deed],
    settings: settingsWith(settings),
    facts: { servicePlans },
  });

/** Which deeds each setting forbids, and with which code; it forbids no others. */
const TABLE: readonly [string, SettingsChange, readonly Deed[], string][] = [
  ["nothing is set against it", {}, [], ""],
  ["writeback off", { features: { passwordWritebackEnabled: false } }, ALL, "writebackDisabled"],
  [
    "unlock off",
    { features: { accountUnlockEnabled: false } },
    ["selfUnlock", "portalUnlock"],
    "unlockDisabled",
  ],
  ["scope none", { selfService: { scope: "none" } }, SELF_SERVICE, "selfServiceDisabled"],
  [
    "a licence is asked for",
    { selfService: { licenseRequired: true } },
    SELF_SERVICE,
    "userNotLicensed",
  ],
  [
    "administrators may not reset",
    { administrators: { passwordResetEnabled: false } },
    ["adminReset", "adminLastingReset", "adminRules", "automationReset"],
    "adminResetDisabled",
  ],
  [
    "administrators' passwords are temporary",
    { administrators: { mustChangeRequired: true } },
    ["adminLastingReset", "automationReset"],
    "mustChangeRequired",
  ],
];

describe.each(TABLE)("%s", (_, change, forbidden, code) => {
  test.each(ALL)("%s", (deed) => {
    expect(judge(deed, change)).toBe(forbidden.includes(deed) ? code : undefined);
  });
});

test("any one of the plans is a licence; another plan is none", () => {
  const asked = { selfService: { licenseRequired: true } };
  expect(judge("selfReset", asked, [String(OTHER), String(P2)])).toBeUndefined();
  expect(judge("selfReset", asked, [String(OTHER)])).toBe("userNotLicensed");
});

test("writeback off is told before all else, self-service off before unlock off", () => {
  const off = {
    features: { accountUnlockEnabled: false },
    selfService: { scope: "none" as const },
  };
  expect(judge("portalUnlock", off)).toBe("selfServiceDisabled");
  const features = { passwordWritebackEnabled: false };
  expect(judge("portalUnlock", { ...off, features })).toBe("writebackDisabled");
});

describe("groups", () => {
  const [PILOT, STAFF, BANNED] = ["pilot", "staff", "banned"];
  const selfService = (scope: "selected" | "all", excludeGroups: string[] = []) => ({
    ...settingsWith().selfService,
    scope,
    includeGroups: [String(PILOT), String(STAFF)],
    excludeGroups,
  });
  const BANNED_ONLY = [String(BANNED)];

  test.each<[string, "selected" | "all", string[], (string | undefined)[], string | undefined]>([
    ["all, in no group", "all", [], [], undefined],
    ["all, excluded", "all", BANNED_ONLY, [BANNED], "userExcluded"],
    ["all, not excluded", "all", BANNED_ONLY, [PILOT], undefined],
    ["selected, in one of them", "selected", [], [STAFF], undefined],
    ["selected, in none", "selected", [], [], "userNotInScope"],
    ["selected, only in another", "selected", [], [BANNED], "userNotInScope"],
    ["selected and excluded", "selected", BANNED_ONLY, [PILOT, BANNED], "userExcluded"],
  ])("%s", (_, scope, excluded, held, code) => {
    const groups = new Set(held.map(String));
    expect(refusalByGroups(selfService(scope, excluded), groups)).toBe(code);
  });

  test("selected without any group is nobody", () => {
    const none = { ...selfService("selected"), includeGroups: [] };
    expect(refusalByGroups(none, new Set())).toBe("userNotInScope");
  });
});

describe("Graph is asked for groups", () => {
  const asked = (deed: Deed, change: SettingsChange) =>
    ({
      ...DEEDS[deed],
      settings: settingsWith(change),
      facts: { id: "somebody", servicePlans: [] },
    }) as unknown as Asked;
  const questions: string[][] = [];
  const parts = (answer: () => Promise<ReadonlySet<string>>) =>
    partsWith({
      memberships: {
        isMemberOf: async (_: string, groups: readonly string[]) => {
          questions.push([...groups]);
          return groups.length === 0 ? new Set<string>() : answer();
        },
      } as never,
    });
  const scoped: SettingsChange = {
    selfService: { scope: "selected", includeGroups: [String(P1)], excludeGroups: [String(P2)] },
  };
  beforeEach(() => questions.splice(0));

  test("only where they decide", async () => {
    const nobody = parts(async () => new Set());
    for (const deed of ["adminReset", "automationUnlock"] as const)
      await mayBeHelped(asked(deed, scoped), nobody);
    const off = { ...scoped, features: { passwordWritebackEnabled: false } };
    await expect(mayBeHelped(asked("selfReset", off), nobody)).rejects.toMatchObject({
      code: "writebackDisabled",
    });
    expect(questions).toEqual([]);
    await mayBeHelped(asked("selfReset", {}), nobody);
    expect(questions).toEqual([[]]);
  });

  test("and its answer counts", async () => {
    await mayBeHelped(
      asked("portalReset", scoped),
      parts(async () => new Set([String(P1)])),
    );
    expect(questions).toEqual([[P1, P2]]);
    for (const [held, code] of [
      [[], "userNotInScope"],
      [[P1, P2], "userExcluded"],
    ] as const)
      await expect(
        mayBeHelped(
          asked("portalReset", scoped),
          parts(async () => new Set(held.map(String))),
        ),
      ).rejects.toMatchObject({ name: "ApiError", code });
  });

  test("where it cannot tell, nobody is helped", async () => {
    const fails = parts(() => Promise.reject(new ApiError("userFactsUnavailable")));
    await expect(mayBeHelped(asked("selfChange", scoped), fails)).rejects.toMatchObject({
      code: "userFactsUnavailable",
    });
  });
});
