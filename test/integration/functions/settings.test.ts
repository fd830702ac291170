import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readConfiguration } from "../../../functions/configuration.ts";
import { buildParts } from "../../../functions/parts.ts";
import { SETTINGS_ROW } from "../../../functions/records/groundRows.ts";
import {
  DEFAULT_SETTINGS,
  type SettingsChange,
} from "../../../functions/records/tenantSettings.ts";
import { hostListener } from "../../../local/host/server.ts";
import { LOCAL_SETTINGS } from "../../../local/stack/localSettings.ts";
import { Deeds } from "./deeds.ts";
import { eventually, TestCloud } from "./testCloud.ts";

const PATH = "/v1.0/onPremisesIntegration";
const group = (last: number) => `9e0a3c00-0000-4000-8000-0000000000${10 + last}`;
const [PILOT, STAFF, BANNED] = [group(1), group(2), group(3)] as const;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start();
});
afterAll(() => cloud.half.stop());
beforeEach(() => cloud.half.operator.decide(LOCAL_SETTINGS));
afterEach(() => cloud.half.identity.graph.recover());

const operator = () => cloud.half.tokens.globalAdministrator();
const read = async () => cloud.get(PATH, await operator());
const change = async (body: unknown, headers: Record<string, string> = {}) =>
  cloud.send(PATH, { token: await operator(), method: "PATCH", body, headers });

describe("reading and changing", () => {
  test("a fresh tenant has the defaults", async () => {
    await cloud.table("ground").deleteEntity(SETTINGS_ROW.partitionKey, SETTINGS_ROW.rowKey);
    const before = await read();
    expect(before).toMatchObject({ status: 200, body: DEFAULT_SETTINGS });
    expect(before.body.id).toEqual(expect.any(String));
    expect(before.headers.get("etag")).toMatch(/^"[\w-]{22}"$/);
    const etag = String(before.headers.get("etag"));
    const after = await change({ helpContact: "help@contoso.example" }, { "If-Match": etag });
    expect(after).toMatchObject({
      status: 200,
      body: { ...DEFAULT_SETTINGS, helpContact: "help@contoso.example" },
    });
    expect((await read()).headers.get("etag")).toBe(after.headers.get("etag"));
    expect(after.headers.get("etag")).not.toBe(etag);
  });

  test("an operator whose account is disabled changes nothing, however good the token", async () => {
    const dismissed = cloud.person({ accountEnabled: false });
    const token = await cloud.half.tokens.globalAdministrator({ oid: dismissed.id });
    const body = { features: { accountUnlockEnabled: false } };
    const before = await read();
    const answer = await cloud.send(PATH, { token, method: "PATCH", body });
    expect(answer).toMatchObject({ status: 403, code: "accessDenied" });
    expect((await read()).body).toEqual(before.body);
    expect(cloud.half.logged.join()).toContain('"causeCode":"disabled"');
  });

  test("what is not given stays; the same again changes nothing", async () => {
    const before = await read();
    const after = await change({ features: { accountUnlockEnabled: false } });
    expect(after.body).toEqual({
      ...before.body,
      features: { passwordWritebackEnabled: true, accountUnlockEnabled: false },
    });
    const tag = after.headers.get("etag");
    expect((await change({ features: { accountUnlockEnabled: false } })).headers.get("etag")).toBe(
      tag,
    );
    expect((await change({})).headers.get("etag")).toBe(tag);
  });

  test.each([
    [{ features: { passwordWriteback: true } }, "features.passwordWriteback"],
    [{ selfService: { scope: "everybody" } }, "selfService.scope"],
    [{ helpContact: "javascript:alert(1)" }, "helpContact"],
    [[], "body"],
  ])("%j is refused and named", async (body, target) => {
    const answer = await change(body);
    expect(answer).toMatchObject({ status: 400, code: "invalidRequest" });
    expect(answer.body.error?.target).toBe(target);
  });

  test("an old entity tag is 412, a list with the one in force or * is as good as it alone", async () => {
    const tag = String((await read()).headers.get("etag"));
    const to = (helpContact: string, ifMatch: string) =>
      change({ helpContact }, { "If-Match": ifMatch });
    expect((await to("one@contoso.example", `"x", ${tag}`)).status).toBe(200);
    for (const stale of [tag, `W/${tag}`])
      expect(await to("two@contoso.example", stale)).toMatchObject({
        status: 412,
        code: "settingsChanged",
      });
    expect((await read()).body.helpContact).toBe("one@contoso.example");
    expect((await to("three@contoso.example", "*")).status).toBe(200);
    for (const malformed of ["abc", '"a', tag.repeat(100)])
      expect((await to("four@contoso.example", malformed)).code).toBe("invalidRequest");
  });

  test("a group that is not there, or hides who is in it, is refused; one nobody can tell of is 503", async () => {
    cloud.half.identity.groups.set([
      { id: PILOT, members: [] },
      { id: BANNED, members: [], visibility: "HiddenMembership" },
    ]);
    for (const [selfService, target] of [
      [{ includeGroups: [PILOT, STAFF] }, "selfService.includeGroups.1"],
      [{ includeGroups: [PILOT], excludeGroups: [BANNED] }, "selfService.excludeGroups.0"],
    ] as const) {
      const answer = await change({ selfService });
      expect(answer).toMatchObject({ status: 400, code: "groupUnusable" });
      expect(answer.body.error?.target).toBe(target);
    }
    cloud.half.identity.graph.fail({ status: 503, path: /groups/ }, 10);
    expect((await change({ selfService: { includeGroups: [PILOT] } })).code).toBe(
      "userFactsUnavailable",
    );
    cloud.half.identity.graph.recover();
    expect((await read()).body.selfService).toMatchObject({ includeGroups: [], excludeGroups: [] });
    expect((await change({ selfService: { includeGroups: [PILOT] } })).status).toBe(200);
  });

  test("each change is recorded with the values before and after", async () => {
    const { headers } = await change({
      features: { accountUnlockEnabled: false },
      helpContact: "https://help.contoso.example",
    });
    const id = headers.get("request-id");
    const path = "/v1.0/auditLogs/directoryAudits?$top=20";
    let record: Record<string, unknown> | undefined;
    await eventually("the record", async () => {
      const { body } = await cloud.get(path, await operator());
      record = (body.value as Record<string, unknown>[]).find((one) => one.id === id);
      return record !== undefined;
    });
    expect(record).toMatchObject({
      activityDisplayName: "Self-service password reset policy changes",
      result: "success",
    });
    const properties = [
      ["features.accountUnlockEnabled", "true", "false"],
      ["helpContact", '"helpdesk@contoso.example"', '"https://help.contoso.example"'],
    ];
    const told = JSON.stringify(record?.targetResources);
    for (const [displayName, oldValue, newValue] of properties) {
      expect(told).toContain(JSON.stringify({ displayName, oldValue, newValue }).slice(1, -1));
    }
  });

  test("of parallel changes to the same settings exactly one is made", async () => {
    const tag = String((await read()).headers.get("etag"));
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((count) =>
        change({ helpContact: `help${count}@contoso.example` }, { "If-Match": tag }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await read()).body).toEqual(winner?.body);
  });

  test("parallel changes of different members are all made", async () => {
    cloud.half.identity.groups.set([{ id: BANNED, members: [] }]);
    const changes: SettingsChange[] = [
      { features: { passwordWritebackEnabled: false } },
      { features: { accountUnlockEnabled: false } },
      { selfService: { excludeGroups: [BANNED] } },
      { administrators: { mustChangeRequired: true } },
      { helpContact: "https://help.contoso.example" },
    ];
    const answers = await Promise.all(changes.map((body) => change(body)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await read()).body).toMatchObject({
      features: { passwordWritebackEnabled: false, accountUnlockEnabled: false },
      selfService: { scope: "all", excludeGroups: [BANNED] },
      administrators: { passwordResetEnabled: true, mustChangeRequired: true },
      helpContact: "https://help.contoso.example",
    });
  });
});

test("a change holds on another instance with its next call", async () => {
  const silent = () => {};
  const other = buildParts(readConfiguration(cloud.half.settings), { info: silent, error: silent });
  const server = createServer(hostListener(other.parts, { info: silent, error: silent }, {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const token = await cloud.half.tokens.portal();
    const available = async () =>
      (
        await fetch(`http://127.0.0.1:${port}/v1.0/selfService/availability`, {
          headers: { Authorization: `Bearer ${token}` },
        })
      ).json();
    expect(await available()).toMatchObject({ available: true, reason: null });
    for (const [body, told] of [
      [
        { helpContact: null, features: { accountUnlockEnabled: false } },
        { available: true, accountUnlockEnabled: false, helpContact: null },
      ],
      [{ selfService: { scope: "none" } }, { available: false, reason: "selfServiceDisabled" }],
      [
        { features: { passwordWritebackEnabled: false } },
        { available: false, reason: "writebackDisabled" },
      ],
    ] as const) {
      expect((await change(body)).status).toBe(200);
      expect(await available()).toMatchObject(told);
    }
  } finally {
    await new Promise((resolve) => server.close(resolve));
    await other.stop();
  }
});

describe("settings that cannot be understood", () => {
  test.each([
    ["damaged", "{"],
    ["of a newer version", JSON.stringify({ version: 2, features: {} })],
    ["with a value that is not known", '{"version":1,"selfService":{"scope":"some"}}'],
  ])("%s: nobody is helped, nobody changes them, agents live on", async (_, json) => {
    await cloud.table("ground").upsertEntity({ ...SETTINGS_ROW, json }, "Replace");
    const told = [...new Set(Object.values(await new Deeds(cloud).tried(() => cloud.person())))];
    expect(told).toEqual(["settingsUnusable"]);
    for (const answer of [await read(), await change({ features: {} })])
      expect(answer).toMatchObject({ status: 503, code: "settingsUnusable" });
    expect((await cloud.half.heartbeat()).status).toBe(200);
    expect(cloud.half.logged.some((record) => record.includes("settingsUnusable"))).toBe(true);
  });
});

test("only operators may read and change them", async () => {
  const { tokens } = cloud.half;
  for (const token of [
    await tokens.user(),
    await tokens.helpdesk(),
    await tokens.portal(),
    await tokens.agent(),
  ])
    for (const method of ["GET", "PATCH"]) {
      const body = method === "PATCH" ? { helpContact: null } : undefined;
      expect((await cloud.send(PATH, { token, method, body })).code).toBe("accessDenied");
    }
  expect((await read()).body.helpContact).toBe("helpdesk@contoso.example");
});
