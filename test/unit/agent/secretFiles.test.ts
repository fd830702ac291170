import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../../../agent/configuration.ts";
import { checkFiles, readSecret } from "../../../agent/secretFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-files-"));
const file = join(folder, "service-account.secret");
afterAll(() => rmSync(folder, { recursive: true }));

function put(content: string, mode = 0o600): void {
  writeFileSync(file, content);
  chmodSync(file, mode);
}

const read = (path = file) => readSecret("directory.domains.0.passwordFile", path);

test.each([
  ["Wr1teback!", "Wr1teback!"],
  ["Wr1teback!\n", "Wr1teback!"],
  ["Wr1teback!\r\n", "Wr1teback!"],
  [" two  spaces \n\n", " two  spaces \n"],
])("%j is the secret %j", async (content, secret) => {
  put(content);
  expect(await read()).toBe(secret);
});

test.each([0o400, 0o600, 0o700])("mode %i: only the agent's account may read it", async (mode) => {
  put("Wr1teback!", mode);
  expect(await read()).toBe("Wr1teback!");
});

test.each([0o640, 0o604, 0o644, 0o660, 0o620, 0o610])(
  "mode %i: refused, with what to do and without the secret",
  async (mode) => {
    put("Wr1teback!", mode);
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as Error).message).toBe(
      "directory.domains.0.passwordFile: others than the agent's account may read the file; " +
        "run chmod 600 on it.",
    );
  },
);

test.each([
  ["an empty one", () => put("\n"), "must not be empty"],
  ["none", () => rmSync(file), "cannot be read"],
])("%s is refused by its key", async (_, make, expected) => {
  make();
  await expect(read()).rejects.toThrow(`directory.domains.0.passwordFile: `);
  await expect(read()).rejects.toThrow(expected);
});

describe("the private key for Entra is a secret too", () => {
  const certificateFile = join(folder, "agent.pem");
  const pem = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n";
  const check = () =>
    checkFiles({
      entra: { authority: "https://login.corp.example", clientId: "", certificateFile },
      directory: { domains: [], connections: 1, timeouts: { connect: 1, search: 1, modify: 1 } },
    });
  beforeEach(() => {
    writeFileSync(certificateFile, pem);
    chmodSync(certificateFile, 0o600);
  });

  test("readable by the agent's account alone: taken", async () => {
    await expect(check()).resolves.toBeUndefined();
  });

  test("readable by others: refused", async () => {
    chmodSync(certificateFile, 0o644);
    await expect(check()).rejects.toThrow(
      "entra.certificateFile: others than the agent's account may read",
    );
  });
});
