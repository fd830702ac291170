import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT_KEY_NAME } from "../../../local/stack/operator.ts";
import { API_CLIENT_ID } from "../../../local/stack/tenant.ts";
import { openApi } from "../../../operator/api.ts";
import { copyFile, openDesk } from "../../../operator/openDesk.ts";
import { readProfile } from "../../../operator/profile.ts";
import {
  type EnrolmentRequest,
  enrolmentFingerprint,
  invitation,
  invitationFingerprint,
  keyFingerprint,
} from "../../../protocol/enrolment.ts";
import { AGENT_KEY_SECONDS } from "../../../protocol/limits.ts";
import { publicKey, type TrustList, verifyTrustList } from "../../../protocol/trustList.ts";
import { CommandError } from "../../../workstation/commandError.ts";
import type { TestCloud } from "../functions/testCloud.ts";
import { type Ended, startOperated, type Workstation } from "./operatorFixture.ts";

const SECOND = "7d3c2f10-0000-4000-8000-00000000b902";

let cloud: TestCloud;
let desk: Workstation;
let api: Awaited<ReturnType<typeof startOperated>>["api"];
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ cloud, desk, api, stop } = await startOperated());
});
afterAll(() => stop());

const root = async () =>
  publicKey.parse((await cloud.half.vault.ensureKey(ROOT_KEY_NAME)).publicJwk);
const signatures = () => cloud.half.vault.signatures(ROOT_KEY_NAME);
const jwsInForce = async (): Promise<string> => {
  const row = await cloud.table("ground").getEntity<{ jws: string }>("ground", "trust");
  return row.jws;
};
const inForce = async (): Promise<TrustList> =>
  verifyTrustList(await jwsInForce(), await root(), 0);
const counted = () => cloud.half.running.parts.newestSerial();
const ids = async () => (await inForce()).agents.map(({ id }) => id);
const adding = (asked: EnrolmentRequest & { readonly file: string }, principal = SECOND) => [
  ...["add-agent", asked.file, "--service-principal", principal, "--yes"],
  ...["--fingerprint", enrolmentFingerprint(asked)],
];
const enrol = async (id: string, principal = SECOND, ...more: string[]): Promise<Ended> =>
  desk.run([...adding(await desk.request(id), principal), ...more]);
const revoke = (id: string) => desk.run(["revoke-agent", id, "--yes"]);

test("show verifies the list and says whose keys it holds", async () => {
  const { code, out } = await desk.run(["show"]);
  const list = await inForce();
  expect(code).toBe(0);
  expect(out).toContain(`Trust list ${list.serial}`);
  expect(out).toContain(list.agents[0]?.servicePrincipal);
  expect(out).toContain(list.signingKeys[0]?.kid);
  expect(out).toContain(keyFingerprint(await root()));
  expect(await readFile(copyFile(desk.profileFile), "utf8")).toBe(`${await jwsInForce()}\n`);
  expect((await stat(copyFile(desk.profileFile))).mode & 0o777).toBe(0o600);
});

describe("without --yes", () => {
  test.each<[string, () => Promise<readonly string[]>]>([
    [
      "add-agent",
      async () => [(await desk.request("agent-9")).file, "--service-principal", SECOND],
    ],
    ["revoke-agent", async () => ["agent-1"]],
    ["roll-signing-key", async () => []],
    ["roll-signing-key", async () => ["--compromised"]],
  ])("%s shows what it would do, and nothing is signed, made or changed", async (name, more) => {
    const before = [await jwsInForce(), signatures(), await counted()];
    const key = await cloud.half.vault.ensureKey("signing");
    const { code, out } = await desk.run([name, ...(await more())]);
    expect(code).toBe(3);
    expect(out).toMatch(/Nothing was done\. .* --yes/);
    expect([await jwsInForce(), signatures(), await counted()]).toEqual(before);
    expect(await cloud.half.vault.ensureKey("signing")).toEqual(key);
  });
});

test("an agent is added, its key changed, and it is revoked; each counts with the next call", async () => {
  const first = await desk.request("agent-2");
  const before = await inForce();
  const add = (asked: typeof first, principal = SECOND) => desk.run(adding(asked, principal));
  const added = await add(first);
  expect([added.code, added.errors]).toEqual([0, ""]);
  expect(added.out).toContain(enrolmentFingerprint(first));
  expect(added.out).toContain(`+ connector corp, service principal ${SECOND}`);
  expect(added.out).toContain("To be done in Microsoft Entra");
  const list = await inForce();
  expect(list.serial).toBe(before.serial + 1);
  expect(await counted()).toBe(list.serial);
  expect(list.agents.at(-1)).toMatchObject({
    id: "agent-2",
    connector: "corp",
    servicePrincipal: SECOND,
    encryptionKey: first.encryptionKey,
    expires: list.iat + AGENT_KEY_SECONDS,
  });
  const certificate = await readFile(join(desk.folder, "agent-2.certificate.pem"), "utf8");
  expect(certificate.trim()).toBe(first.certificate.trim());

  expect((await add(first)).out).toContain("Nothing is to be signed");
  const second = await desk.request("agent-2");
  expect((await add(second, "7d3c2f10-0000-4000-8000-00000000b903")).code).toBe(1);
  expect((await add(second)).code).toBe(0);
  expect((await inForce()).agents.at(-1)?.encryptionKey).toEqual(second.encryptionKey);
  expect(await ids()).toEqual(["agent-1", "agent-2"]);

  const revoked = await revoke("agent-2");
  expect(revoked.code).toBe(0);
  expect(revoked.out).toContain("removed agent agent-2");
  expect(revoked.out).toContain(SECOND);
  expect(await ids()).toEqual(["agent-1"]);
  expect((await revoke("agent-2")).out).toContain('The list has no agent "agent-2"');
});

test("a fingerprint other than the one that was told stops the enrolment", async () => {
  const request = await desk.request("agent-2");
  const add = (fingerprint: string) =>
    desk.run([
      ...["add-agent", request.file, "--service-principal", SECOND, "--yes"],
      ...["--fingerprint", fingerprint],
    ]);
  const untold = await desk.run(adding(request).slice(0, -2));
  expect(untold).toMatchObject({ code: 1, errors: expect.stringContaining("--fingerprint") });
  const other = await add(enrolmentFingerprint(await desk.request("agent-2")));
  expect(other).toMatchObject({ code: 1, errors: expect.stringContaining("fingerprint") });
  expect(await ids()).toEqual(["agent-1"]);
  expect((await add(enrolmentFingerprint(request).toLowerCase())).code).toBe(0);
  await revoke("agent-2");
});

test.each<[string, () => Promise<readonly string[]>]>([
  [
    "a request that was changed on its way",
    async () => {
      const { file, ...request } = await desk.request("agent-2");
      await writeFile(file, JSON.stringify({ ...request, id: "agent-3" }));
      return [file, "--service-principal", SECOND];
    },
  ],
  [
    "a request that is too long",
    async () => {
      const { file } = await desk.request("agent-2");
      await writeFile(file, " ".repeat(20_000));
      return [file, "--service-principal", SECOND];
    },
  ],
  [
    "a request with a second certificate beside the one of the fingerprint",
    async () => {
      const { file, ...request } = await desk.request("agent-2");
      const { certificate } = await desk.request("agent-3");
      const both = `${request.certificate}${certificate}`;
      await writeFile(file, JSON.stringify({ ...request, certificate: both }));
      return [file, "--service-principal", SECOND];
    },
  ],
  ["no request at all", async () => ["/nowhere.json", "--service-principal", SECOND]],
  [
    "the service principal of another agent",
    async () => [
      (await desk.request("agent-2")).file,
      ...["--service-principal", cloud.half.apps.agent.objectId],
    ],
  ],
  [
    "the id of an agent elsewhere",
    async () => [
      (await desk.request("agent-1", { connector: "branch" })).file,
      ...["--service-principal", cloud.half.apps.agent.objectId],
    ],
  ],
  [
    "a key of another agent",
    async () => [
      (await desk.request("agent-2", { encryptionKey: cloud.half.agent.entry.encryptionKey })).file,
      ...["--service-principal", SECOND],
    ],
  ],
])("%s is refused and nothing is signed", async (_, more) => {
  const before = [await jwsInForce(), signatures()];
  const argv = await more();
  const shown = /(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}/.exec((await desk.run(["add-agent", ...argv])).out);
  const told = ["--fingerprint", shown?.[0] ?? "none"];
  const { code, errors } = await desk.run(["add-agent", ...argv, ...told, "--yes"]);
  expect([code, errors]).toEqual([1, expect.stringMatching(/\S/)]);
  expect(errors).not.toContain("--fingerprint");
  expect([await jwsInForce(), signatures()]).toEqual(before);
});

test("--serial signs that list and no other", async () => {
  const { serial } = await inForce();
  expect(await enrol("agent-2", SECOND, "--serial", String(serial))).toMatchObject({ code: 1 });
  expect(await ids()).toEqual(["agent-1"]);
  expect(await enrol("agent-2", SECOND, "--serial", String(serial + 1))).toMatchObject({ code: 0 });
  await revoke("agent-2");
});

test("an invitation has everything an agent's host needs and nothing secret", async () => {
  const file = join(desk.folder, "invitation.json");
  const invite = (connector: string) =>
    desk.run(["invite", "--connector", connector, "--output", file]);
  const { code, out } = await invite("corp");
  expect(code).toBe(0);
  const text = await readFile(file, "utf8");
  expect(out).toContain(invitationFingerprint(JSON.parse(text)));
  expect(invitation.parse(JSON.parse(text))).toMatchObject({
    api: api.url,
    connector: "corp",
    rootKey: await root(),
  });
  expect(text).not.toMatch(/PRIVATE|"d"/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await invite("corp")).toMatchObject({ code: 1, errors: expect.stringContaining(file) });
  expect(await invite("Not A Name")).toMatchObject({ code: 1 });
  expect(out).not.toContain("Warning");
});

test("an invitation to a connector that the service does not have is one with a warning", async () => {
  const invite = (name: string, change?: Parameters<Workstation["run"]>[1]) =>
    desk.run(
      ["invite", "--connector", "crop", "--output", join(desk.folder, `${name}.json`)],
      change,
    );
  const { code, out } = await invite("misspelt");
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/no connector "crop"[\s\S]*It has: corp\b/),
  ]);
  const early = await invite("early", (given) => ({
    ...given,
    connectors: () => Promise.reject(new CommandError("The API did not answer")),
  }));
  expect([early.code, early.out]).toEqual([0, expect.not.stringContaining("Warning")]);
});

describe("who is no operator", () => {
  afterEach(() => desk.profile(api.url));

  test("is refused by the vault, and nothing of its answer is shown", async () => {
    await desk.profile(api.url, {}, "agent");
    const { code, out, errors } = await desk.run(["show"]);
    expect([code, out]).toEqual([1, ""]);
    expect(errors).toMatch(/^The Key Vault does not let this operator read the key "root"\.\n$/);
  });

  test("gets no token with a certificate that Entra does not know", async () => {
    await desk.profile(api.url, {
      certificate: { clientId: cloud.half.apps.operator.clientId, file: "agent.pem" },
    });
    const { code, errors } = await desk.run(["show"]);
    expect([code, errors]).toEqual([
      1,
      "Microsoft Entra gave no token for the certificate of the profile.\n",
    ]);
  });

  test("does not get far with a private key that others may read, or none", async () => {
    const file = join(desk.folder, "operator.pem");
    await chmod(file, 0o640);
    expect((await desk.run(["show"])).errors).toContain("may be read by others than its owner");
    await rm(file);
    expect((await desk.run(["show"])).errors).toContain("The certificate cannot be read");
  });

  test("gets no token without `az login`", async () => {
    const vault = "https://kv-contoso.vault.azure.net";
    await desk.profile(api.url, { certificate: undefined, vault });
    const given = { approved: false, serial: undefined, print: () => {} };
    const opened = await openDesk(desk.profileFile, given);
    await expect(opened.connectors()).rejects.toThrow("There is no token: sign in with `az login");
  });
});

test("who is no operator to the API learns that, and nothing of its answer", async () => {
  const { half } = cloud;
  const { list } = await half.running.parts.trust.current();
  const asPortal = openApi(
    { ...(await readProfile(desk.profileFile)), apiClientId: API_CLIENT_ID },
    { getToken: async () => ({ token: await half.tokens.portal(), expiresOnTimestamp: Infinity }) },
  );
  const calls = [
    asPortal.read(),
    asPortal.publish(await jwsInForce()),
    asPortal.agents(),
    asPortal.connectors(),
  ];
  for (const call of await Promise.allSettled(calls))
    expect(call).toMatchObject({
      status: "rejected",
      reason: new CommandError(
        'The API refused the operator (403): the app role "Operator" is missing, ' +
          "or the client is not allowed.",
      ),
    });
  expect((await inForce()).serial).toBe(list.serial);
});

test("a vault that shows another root key than the profile is refused", async () => {
  const { encryptionKey: rootKey } = await desk.request("agent-2");
  await desk.profile(api.url, { rootKey });
  expect(await desk.run(["show"])).toMatchObject({
    code: 1,
    errors: expect.stringContaining("not the one of the profile"),
  });
  await desk.profile(api.url, { rootKey: await root() });
  expect((await desk.run(["show"])).code).toBe(0);
});

test("who dies between publishing and counting leaves a working system; the next one counts", async () => {
  const argv = adding(await desk.request("agent-2"));
  const before = await counted();
  const died = await desk.run(argv, (given) => {
    given.authority.count = () => Promise.reject(new CommandError("killed"));
    return given;
  });
  expect(died).toMatchObject({ code: 1, errors: "killed\n" });
  const { serial } = await inForce();
  expect([serial, await counted()]).toEqual([before + 1, before]);
  expect((await cloud.change(cloud.person())).status).toBe(204);
  expect((await desk.run(["show"])).out).toContain("run any with --yes");
  const again = await desk.run(argv);
  expect([again.code, await counted()]).toEqual([0, serial]);
  expect((await inForce()).serial).toBe(serial);
  await revoke("agent-2");
});

test("of two operators at once one is told to look again, and the serial is the newest", async () => {
  const requests = await Promise.all([desk.request("agent-2"), desk.request("agent-3")]);
  const principals = [SECOND, "7d3c2f10-0000-4000-8000-00000000b903"];
  let arrived = 0;
  const both = Promise.withResolvers<void>();
  const ended = await Promise.all(
    requests.map((request, at) =>
      desk.run(adding(request, principals[at]), (given) => {
        const { issue } = given.authority;
        given.authority.issue = async (...args) => {
          arrived += 1;
          if (arrived === 2) both.resolve();
          await both.promise;
          return issue.apply(given.authority, args);
        };
        return given;
      }),
    ),
  );
  expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(ended.map(({ errors }) => errors).join("")).toContain("Run the command again");
  const list = await inForce();
  expect(list.agents).toHaveLength(2);
  expect(await counted()).toBe(list.serial);
  await revoke("agent-2");
  await revoke("agent-3");
});

test.each([
  ["", "the command is missing"],
  ["grow", 'unknown command "grow"'],
  ["show more", "show takes options only"],
  ["show --serial 3", "show takes no --serial"],
  ["add-agent request.json", "--service-principal is missing"],
  [
    "add-agent request.json --service-principal agent_2",
    "--service-principal must be an object id, a GUID",
  ],
  ["invite --connector corp", "--output is missing"],
  ["revoke-agent", "ID is missing"],
  [
    "roll-signing-key --serial 4",
    "--serial goes with --compromised only: a planned roll signs three lists",
  ],
  ["init --serial 0", "--serial must be a positive whole number"],
  ["show --private-key x", "unknown option --private-key"],
])("%s: %s", async (line, wrong) => {
  const { code, out, errors } = await desk.run(line.split(" ").filter(Boolean));
  expect([code, out]).toEqual([2, ""]);
  expect(errors).toMatch(/\.\n\nUsage: npm run operator -- [\w-]+ /);
  expect(errors.split(".\n\n")[0]).toBe(wrong);
});

test("--help is no failure", async () => {
  const { code, out, errors } = await desk.run(["add-agent", "--help"]);
  expect([code, errors]).toEqual([0, ""]);
  expect(out).toMatch(/^Usage: npm run operator -- add-agent REQUEST .*\n\n {2}enrol an agent/);
});
