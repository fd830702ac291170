import { randomUUID } from "node:crypto";
import type { SettingsChange } from "../../../functions/records/tenantSettings.ts";
import type { SampleUser } from "../../../local/samples.ts";
import { LOCAL_SETTINGS } from "../../../local/stack/localSettings.ts";
import { ALL_DEEDS, type Deed, Deeds, refused, SELF_SERVICE } from "./deeds.ts";
import { type Answer, idIn, pathOf, TestCloud } from "./testCloud.ts";

const group = (last: number) => `9e0a3c00-0000-4000-8000-0000000000${10 + last}`;
const [PILOT, STAFF, BANNED] = [group(1), group(2), group(3)] as const;
const PLAN = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";

let cloud: TestCloud;
let deeds: Deeds;
beforeAll(async () => {
  cloud = await TestCloud.start();
  deeds = new Deeds(cloud);
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.operator.decide(LOCAL_SETTINGS));
afterEach(() => cloud.half.identity.graph.recover());

const decide = (settings: SettingsChange) =>
  cloud.half.operator.decide({ ...LOCAL_SETTINGS, ...settings });

describe("each setting refuses what it is about, and nothing else", () => {
  const { features, selfService } = LOCAL_SETTINGS;

  test("as the local tenant is set, everybody is helped", async () => {
    expect(await deeds.tried(() => cloud.person())).toEqual(refused([], ""));
  });

  test.each<[string, SettingsChange, readonly Deed[], string]>([
    [
      "writeback off",
      { features: { ...features, passwordWritebackEnabled: false } },
      ALL_DEEDS,
      "writebackDisabled",
    ],
    [
      "unlock off",
      { features: { ...features, accountUnlockEnabled: false } },
      ["own unlock", "portal's unlock"],
      "unlockDisabled",
    ],
    ["no self-service", { selfService: { scope: "none" } }, SELF_SERVICE, "selfServiceDisabled"],
    [
      "a licence asked for",
      { selfService: { ...selfService, licenseRequired: true } },
      SELF_SERVICE,
      "userNotLicensed",
    ],
    [
      "no resets by administrators",
      { administrators: { passwordResetEnabled: false } },
      ["administrator's reset", "administrator's rules"],
      "adminResetDisabled",
    ],
  ])("%s", async (_, settings, forbidden, code) => {
    await decide(settings);
    expect(await deeds.tried(() => cloud.person())).toEqual(refused(forbidden, code));
  });

  test("a licence counts while its plan works", async () => {
    await decide({ selfService: { ...selfService, licenseRequired: true } });
    const licensed = (capabilityStatus: string) =>
      cloud.person({ assignedPlans: [{ servicePlanId: PLAN.toUpperCase(), capabilityStatus }] });
    for (const status of ["Enabled", "Warning"])
      expect((await cloud.portalReset(licensed(status))).status).toBe(200);
    for (const status of ["Suspended", "LockedOut", "Deleted", "New"])
      expect((await cloud.portalReset(licensed(status))).code).toBe("userNotLicensed");
  });

  test("temporary passwords only: a lasting one is refused to administrators", async () => {
    await decide({ administrators: { mustChangeRequired: true } });
    const person = cloud.person();
    const lasting = await cloud.send(
      `/v1.0/users/${person.id}/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword`,
      {
        token: await cloud.half.tokens.helpdesk(),
        body: { newPassword: "N3w-Pass-1", requireChangeOnNextSignIn: false },
      },
    );
    expect(lasting).toMatchObject({ status: 403, code: "mustChangeRequired" });
    expect(cloud.executed(person)).toBe(0);
    expect((await cloud.adminReset(person)).status).toBe(202);
  });

  test("what was done before is told to who repeats the call, and is not done again", async () => {
    const person = cloud.person();
    const key = { "Idempotency-Key": randomUUID() };
    const retry = { "client-request-id": randomUUID() };
    expect((await cloud.portalReset(person, key)).status).toBe(200);
    expect((await cloud.adminReset(person, retry)).status).toBe(202);
    await cloud.half.operator.decide({});
    const repeated = await cloud.portalReset(person, key);
    expect(repeated.status).toBe(200);
    expect(repeated.headers.get("idempotency-replayed")).toBe("true");
    expect((await cloud.adminReset(person, { ...retry, "Retry-Attempt": "1" })).status).toBe(202);
    expect(cloud.executed(person)).toBe(2);
    const anew = { "Idempotency-Key": randomUUID() };
    expect((await cloud.portalReset(person, anew)).code).toBe("writebackDisabled");
    expect((await cloud.adminReset(person, retry)).code).toBe("writebackDisabled");
    expect((await cloud.portalReset(cloud.person(), key)).code).toBe("idempotencyKeyReused");
    expect(cloud.executed(person)).toBe(2);
  });

  test("the probe and the agents' heartbeats are never stopped", async () => {
    await cloud.half.operator.decide({});
    expect((await cloud.half.heartbeat()).status).toBe(200);
    const probe = {
      token: await cloud.half.tokens.globalAdministrator(),
      body: { connector: "corp" },
    };
    expect((await cloud.send("/v1.0/probe", probe)).status).toBe(200);
  });
});

describe("scope by groups", () => {
  const scoped: SettingsChange = {
    selfService: {
      scope: "selected",
      includeGroups: [PILOT],
      excludeGroups: [BANNED],
    },
  };
  function member(...of: string[]): SampleUser {
    const person = cloud.person();
    cloud.half.identity.groups.set([
      { id: PILOT, members: [STAFF, ...(of.includes(PILOT) ? [person.id] : [])] },
      { id: STAFF, members: of.includes(STAFF) ? [person.id] : [] },
      { id: BANNED, members: of.includes(BANNED) ? [person.id] : [] },
    ]);
    return person;
  }

  test.each<[string, string[], string]>([
    ["nobody's", [], "userNotInScope"],
    ["of the group", [PILOT], "done"],
    ["of a group in the group", [STAFF], "done"],
    ["of the group, and excluded", [PILOT, BANNED], "userExcluded"],
  ])("somebody %s", async (_, groups, told) => {
    await decide(scoped);
    expect(await deeds.tried(() => member(...groups))).toEqual(
      told === "done" ? refused([], "") : refused(SELF_SERVICE, told),
    );
  });

  test("groups that cannot be read are 503, and nothing is sent", async () => {
    await decide(scoped);
    const person = member(PILOT);
    cloud.half.identity.graph.fail({ status: 503, path: /checkMemberGroups$/ }, 10);
    const answer = await cloud.portalReset(person);
    expect(answer).toMatchObject({ status: 503, code: "userFactsUnavailable" });
    expect(answer.headers.get("retry-after")).toBe("30");
    expect(cloud.executed(person)).toBe(0);
    cloud.half.identity.graph.recover();
    expect((await cloud.portalReset(person)).status).toBe(200);
  });

  test("with the whole tenant in scope only the exclusion is asked about", async () => {
    await decide({ selfService: { scope: "all", excludeGroups: [BANNED] } });
    expect((await cloud.portalReset(member())).status).toBe(200);
    expect((await cloud.portalReset(member(BANNED))).code).toBe("userExcluded");
  });
});

describe("what a person reads", () => {
  const shown = ({ body }: Answer) => {
    const { message, innerError } = body.error as unknown as {
      message: string;
      innerError: Record<string, unknown>;
    };
    return { message, helpContact: innerError.helpContact };
  };

  test("is the same for the unknown, the disabled and whoever may not be helped", async () => {
    const disabled = cloud.person();
    cloud.answers(disabled, () => ({ status: "failed", code: "accountDisabled" }));
    const told = [
      await deeds.portalUnlock("nobody@corp.example"),
      await cloud.portalReset(disabled),
    ];
    await decide({ selfService: { scope: "selected", includeGroups: [PILOT] } });
    told.push(await cloud.portalReset(cloud.person()));
    expect(told.map(({ code }) => code)).toEqual([
      "userNotFound",
      "accountDisabled",
      "userNotInScope",
    ]);
    for (const answer of told)
      expect(shown(answer)).toEqual({
        message: "This cannot be done now. Contact your administrator.",
        helpContact: "helpdesk@contoso.example",
      });
  });

  test("is there for who asks how it ended, too", async () => {
    const token = await cloud.half.tokens.helpdesk();
    const begun = await cloud.adminReset(cloud.unresolvedPerson());
    expect(begun.status).toBe(202);
    const place = pathOf(begun.headers.get("location"));
    const conclusion = { version: 1, request: idIn(place), agent: "agent-1" };
    const told = { ...conclusion, status: "failed", code: "accountDisabled" };
    await cloud.send("/v1.0/agents/agent-1/outcomes", {
      token: await cloud.half.tokens.agent(),
      body: { version: 1, outcomes: [told] },
    });
    expect((await cloud.get(place, token)).body).toMatchObject({
      status: "failed",
      statusDetail: "This cannot be done now. Contact your administrator.",
      error: { code: "accountDisabled", helpContact: "helpdesk@contoso.example" },
    });
  });

  test("names no contact where none is set, nor where it is no help", async () => {
    await decide({ selfService: { scope: "none" }, helpContact: null });
    expect(shown(await cloud.change(cloud.person())).helpContact).toBeUndefined();
    await cloud.half.operator.decide(LOCAL_SETTINGS);
    const wrong = await cloud.send("/v1.0/me/changePassword", {
      token: await cloud.half.tokens.user(),
      body: {},
    });
    expect(shown(wrong).helpContact).toBeUndefined();
  });
});
