import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commandLine } from "../../../../agent/commandLine.ts";
import { rotate } from "../../../../agent/commands/rotate.ts";
import {
  ConfigurationError,
  parseConfiguration,
  readConfiguration,
} from "../../../../agent/configuration.ts";
import { type EnrolOptions, enrol } from "../../../../agent/enrolment/enrol.ts";
import { rotateCertificate } from "../../../../agent/enrolment/rotateCertificate.ts";
import { rotateKey } from "../../../../agent/enrolment/rotateKey.ts";
import { checkFiles } from "../../../../agent/secretFiles.ts";
import { KeyRing } from "../../../../agent/trust/keyRing.ts";
import {
  enrolmentFingerprint,
  invitationFingerprint,
  verifyEnrolmentRequest,
} from "../../../../protocol/enrolment.ts";
import { enrolledKey } from "../../../integration/agent/trustRoot.ts";

const CLIENT_ID = "7d3c2f10-0000-4000-8000-00000000b777";
const NOW = 1_800_000_000_000;
const DOMAIN = {
  domainControllers: [{ url: "ldaps://dc1.corp.example" }],
  baseDn: "DC=corp,DC=example",
  bindDn: "svc-writeback@corp.example",
  passwordFile: "service-account.secret",
  sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
  canary: "svc-canary@corp.example",
};
let base: string;
let invitation: Record<string, unknown>;
beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "agent-enrol-"));
  invitation = {
    version: 1,
    api: "https://writeback.contoso.example",
    tenantId: "7d3c2f10-0000-4000-8000-00000000aaaa",
    authority: "https://login.microsoftonline.com",
    apiClientId: "7d3c2f10-0000-4000-8000-00000000a001",
    connector: "corp",
    relay: { namespace: "contoso.servicebus.windows.net" },
    rootKey: (await enrolledKey()).open,
  };
  writeFileSync(join(base, "invitation.json"), JSON.stringify(invitation));
  writeFileSync(join(base, "directory.json"), JSON.stringify({ domains: [DOMAIN] }));
  writeFileSync(join(base, "service-account.secret"), "Wr1teback!", { mode: 0o600 });
});
afterAll(() => rmSync(base, { recursive: true }));

const file = (name: string): string => join(base, name);
const optionsFor = (folder: string, more: Partial<EnrolOptions> = {}): EnrolOptions => ({
  invitation: file("invitation.json"),
  id: "agent-2",
  folder: file(folder),
  wall: () => NOW,
  ...more,
});
const requestIn = (folder: string): unknown =>
  JSON.parse(readFileSync(file(`${folder}/enrolment-request.json`), "utf8"));
const complaint = async (doing: Promise<unknown>): Promise<string> => {
  const error = await doing.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as Error).message;
};

describe("an agent that is enrolled with everything known", () => {
  const folder = "whole";
  let made: Awaited<ReturnType<typeof enrol>>;
  beforeAll(async () => {
    made = await enrol(
      optionsFor(folder, { directory: file("directory.json"), clientId: CLIENT_ID }),
    );
  }, 30_000);

  test("has a configuration and keys that it can run with", async () => {
    const configuration = await readConfiguration(made.configurationFile);
    expect(configuration).toMatchObject({
      agentId: "agent-2",
      connector: "corp",
      entra: { clientId: CLIENT_ID, certificateFile: file(`${folder}/agent.pem`) },
      api: { scope: "7d3c2f10-0000-4000-8000-00000000a001/.default" },
      rootKey: invitation.rootKey,
      directory: { domains: [{ passwordFile: file("service-account.secret") }] },
    });
    await checkFiles(configuration);
    expect((await KeyRing.open(configuration.keyFolder)).all).toHaveLength(1);
  });

  test("asks with its own key and certificate, and both fingerprints can be compared", async () => {
    const request = await verifyEnrolmentRequest(requestIn(folder));
    const ring = await KeyRing.open(file(`${folder}/keys`));
    expect(request).toMatchObject({ id: "agent-2", connector: "corp" });
    expect(readdirSync(file(`${folder}/keys`))).toEqual([
      `encryption-${ring.all[0]?.kid}.jwk.json`,
    ]);
    expect(made.fingerprint).toBe(enrolmentFingerprint(request));
    expect(made.invitationFingerprint).toBe(invitationFingerprint(invitation as never));
    expect(JSON.stringify(request)).not.toContain("PRIVATE");
    expect(request.encryptionKey).not.toHaveProperty("d");
  });

  test("keeps them to itself", () => {
    const modes = readdirSync(file(folder), { recursive: true, encoding: "utf8" }).map(
      (name) => statSync(file(`${folder}/${name}`)).mode & 0o077,
    );
    expect(modes.every((mode) => mode === 0)).toBe(true);
    expect(statSync(file(folder)).mode & 0o077).toBe(0);
  });

  test("done once more, keeps its keys and asks the same", async () => {
    const before = requestIn(folder) as { encryptionKey: object; certificate: string };
    const pem = readFileSync(file(`${folder}/agent.pem`), "utf8");
    const again = await enrol(optionsFor(folder));
    expect(again.fingerprint).toBe(made.fingerprint);
    expect(requestIn(folder)).toMatchObject({
      encryptionKey: before.encryptionKey,
      certificate: before.certificate,
    });
    expect(readFileSync(file(`${folder}/agent.pem`), "utf8")).toBe(pem);
    expect((await readConfiguration(made.configurationFile)).entra.clientId).toBe(CLIENT_ID);
  });

  test.each<[string, object]>([
    [
      "another root key",
      { rootKey: { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43) } },
    ],
    ["another API", { api: "https://elsewhere.example" }],
    ["another bus", { relay: { namespace: "elsewhere.servicebus.windows.net" } }],
    ["another authority", { authority: "https://login.elsewhere.example" }],
  ])("is not completed with an invitation of %s", async (_, changes) => {
    writeFileSync(file("other.json"), JSON.stringify({ ...invitation, ...changes }));
    const again = enrol(optionsFor(folder, { invitation: file("other.json") }));
    expect(await complaint(again)).toMatch(/^--folder: .* another invitation/);
  });

  test("is not taken for another agent", async () => {
    expect(await complaint(enrol(optionsFor(folder, { id: "agent-3" })))).toMatch(/^--folder: /);
    expect(readdirSync(file(`${folder}/keys`))).toHaveLength(1);
  });

  test("rolls its key beside the old one, asks for the new one, and the same again when repeated", async () => {
    const configuration = await readConfiguration(made.configurationFile);
    const [old] = (await KeyRing.open(configuration.keyFolder)).all;
    const rotation = await rotateKey(configuration, NOW + 1_000);
    const ring = await KeyRing.open(configuration.keyFolder);
    expect(ring.all).toHaveLength(2);
    expect(ring.has(old?.kid ?? "")).toBe(true);
    const request = await verifyEnrolmentRequest(requestIn(folder));
    expect(enrolmentFingerprint(request)).toBe(rotation.fingerprint);
    expect(rotation.fingerprint).not.toBe(made.fingerprint);
    expect((await rotateKey(configuration, NOW + 2_000)).fingerprint).toBe(rotation.fingerprint);
    expect((await KeyRing.open(configuration.keyFolder)).all).toHaveLength(2);
  });

  test("makes a new certificate beside the old one, which stays in use", async () => {
    const configuration = await readConfiguration(made.configurationFile);
    const old = readFileSync(configuration.entra.certificateFile, "utf8");
    const rotation = await rotateCertificate(configuration, NOW);
    expect((await rotateCertificate(configuration, NOW)).fingerprint).toBe(rotation.fingerprint);
    expect(readFileSync(configuration.entra.certificateFile, "utf8")).toBe(old);
    const { certificate } = await verifyEnrolmentRequest(requestIn(folder));
    const next = `${configuration.entra.certificateFile}.next`;
    expect(readFileSync(next, "utf8")).toContain(certificate.trim());
    await checkFiles({
      ...configuration,
      entra: { ...configuration.entra, certificateFile: next },
    });
  }, 30_000);

  test.each(["key", "certificate"] as const)(
    "says what is next for a new %s",
    async (what) => {
      const told: string[] = [];
      expect(await rotate(made.configurationFile, what, (text) => void told.push(text))).toBe(0);
      const next = {
        key: "enrols the agent anew",
        certificate: `\nrotate-key --use-certificate --config ${made.configurationFile}\n`,
      };
      const request = await verifyEnrolmentRequest(requestIn(folder));
      expect(told.join("")).toContain(enrolmentFingerprint(request));
      expect(told.join("")).toContain(next[what]);
    },
    30_000,
  );
});

describe("an agent of which not everything is known yet", () => {
  test("does not run before the gaps are filled, and is told which; then it is completed", async () => {
    const { configurationFile, open: told } = await enrol(optionsFor("gaps"));
    const lines = (await complaint(readConfiguration(configurationFile))).split("\n");
    const open = (key: string) => `${key}: is still to be filled in, in the place of <…>`;
    expect(lines).toEqual([
      open("entra.clientId"),
      open("directory.domains.0.domainControllers.0.url"),
      open("directory.domains.0.baseDn"),
      open("directory.domains.0.bindDn"),
      open("directory.domains.0.canary"),
    ]);
    expect(told.map(open)).toEqual(lines);
    await enrol(optionsFor("gaps", { clientId: CLIENT_ID }));
    await enrol(optionsFor("gaps", { directory: file("directory.json") }));
    expect((await readConfiguration(configurationFile)).entra.clientId).toBe(CLIENT_ID);
  }, 30_000);

  test.each<[string, string[]]>([
    ["after the encryption key", ["agent.json", "agent.pem", "enrolment-request.json"]],
    ["after the certificate", ["agent.json", "enrolment-request.json"]],
    ["after the request", ["agent.json"]],
  ])(
    "cut short %s it is repeated with the keys that are there",
    async (_, missing) => {
      const { fingerprint } = await enrol(optionsFor("cut"));
      const keys = readdirSync(file("cut/keys"));
      for (const name of missing) rmSync(file(`cut/${name}`));
      const again = await enrol(optionsFor("cut"));
      expect(readdirSync(file("cut/keys"))).toEqual(keys);
      expect(again.fingerprint === fingerprint).toBe(!missing.includes("agent.pem"));
      parseConfiguration(
        readFileSync(again.configurationFile, "utf8")
          .replaceAll(/"<ldaps:[^"]*"/g, '"ldaps://a"')
          .replaceAll(/"<client[^"]*"/g, `"${CLIENT_ID}"`)
          .replaceAll(/"<[^"]*"/g, '"svc@corp.example"'),
      );
    },
    60_000,
  );
});

test.each<[string, () => Partial<EnrolOptions>, RegExp]>([
  ["a bad id", () => ({ id: "Agent 2" }), /^--id: /],
  ["no invitation", () => ({ invitation: file("nowhere.json") }), /^--invitation: /],
  [
    "another file for an invitation",
    () => ({ invitation: file("directory.json") }),
    /^--invitation: is no invitation/,
  ],
  ["a bad client id", () => ({ clientId: "agent" }), /^--client-id: /],
  [
    "another file for the directory",
    () => ({ directory: file("invitation.json") }),
    /^--directory: domains: is missing\n--directory: version: unknown; remove it\n/,
  ],
  [
    "a directory that is no JSON",
    () => ({ directory: file("service-account.secret") }),
    /^--directory: the file: /,
  ],
])("%s: refused, and nothing is made", async (_, wishes, expected) => {
  expect(await complaint(enrol(optionsFor("refused", wishes())))).toMatch(expected);
  expect(() => statSync(file("refused"))).toThrow();
});

test("a key that cannot be read is named, and no other one is made", async () => {
  const { configurationFile } = await enrol(optionsFor("damaged", { clientId: CLIENT_ID }));
  const keys = join(dirname(configurationFile), "keys");
  const [name = ""] = readdirSync(keys);
  writeFileSync(join(keys, name), "{}");
  expect(await complaint(enrol(optionsFor("damaged")))).toBe(
    `keyFolder: ${name} must hold a private P-256 key as a JWK.`,
  );
  expect(readdirSync(keys)).toEqual([name]);
}, 30_000);

test("a folder that others may write into is refused, and no key is made there", async () => {
  mkdirSync(file("open"));
  for (const mode of [0o770, 0o777, 0o702]) {
    chmodSync(file("open"), mode);
    expect(await complaint(enrol(optionsFor("open")))).toMatch(/^--folder: .* chmod 700/);
  }
  expect(readdirSync(file("open"))).toEqual([]);
});

test("a folder that cannot be written is named, with exit code 1", async () => {
  writeFileSync(file("taken"), "");
  chmodSync(file("taken"), 0o600);
  const said: string[] = [];
  const code = await commandLine(
    [
      "enroll",
      "--invitation",
      file("invitation.json"),
      "--id",
      "agent-2",
      "--folder",
      file("taken"),
    ],
    (text) => said.push(text),
  );
  expect([code, said]).toEqual([1, [expect.stringMatching(/taken.*: (ENOTDIR|EEXIST)\n$/)]]);
});
