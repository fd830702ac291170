import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { credentialOf } from "../../../workstation/credential.ts";
import { ACCOUNT_MEMBERS, readProfileAs } from "../../../workstation/profile.ts";

const ID = "7d3c2f10-0000-4000-8000-00000000aaaa";
const schema = z.strictObject({ ...ACCOUNT_MEMBERS, colour: z.enum(["red"]) });
const PROFILE = { version: 1, tenantId: ID, colour: "red" };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "workstation-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const file = join(folder, "profile.json");
  await writeFile(file, text);
  return readProfileAs(file, schema);
}

test("names of files are beside the profile, and what is left out has its default", async () => {
  const certificate = { clientId: ID, file: "operator.pem" };
  expect(await read(JSON.stringify({ ...PROFILE, caFile: "ca/ca.pem", certificate }))).toEqual({
    ...PROFILE,
    authority: "https://login.microsoftonline.com",
    caFile: join(folder, "ca/ca.pem"),
    certificate: { clientId: ID, file: join(folder, "operator.pem") },
  });
});

test.each([
  [{ ...PROFILE, tenantId: "S3cret" }, 'not right at "tenantId".'],
  [{ ...PROFILE, authority: "http://login.contoso.example" }, 'not right at "authority".'],
  [{ ...PROFILE, color: "red" }, 'not right at "color".'],
  [{ ...PROFILE, certificate: { clientId: ID } }, 'not right at "certificate.file".'],
  [[], "not right."],
])("%j: %s", async (profile, message) => {
  const failed = read(JSON.stringify(profile));
  await expect(failed).rejects.toThrow(`The profile is ${message}`);
  await expect(failed).rejects.not.toThrow("S3cret");
});

test("what is no JSON, too long or not there is told with the name of the file", async () => {
  await expect(read("S3cret")).rejects.toThrow(/^The profile is not JSON: .*profile\.json$/);
  await expect(read(" ".repeat(20_000))).rejects.toThrow(/^The profile is longer than 16384 bytes/);
  const missing = readProfileAs(join(folder, "none.json"), schema);
  await expect(missing).rejects.toThrow(/^The profile cannot be read: .*none\.json$/);
});

test("a certificate that others may read, or that is not there, signs nobody in", async () => {
  const file = join(folder, "operator.pem");
  const account = await read(
    JSON.stringify({ ...PROFILE, certificate: { clientId: ID, file: "operator.pem" } }),
  );
  await expect(credentialOf(account)).rejects.toThrow("The certificate cannot be read");
  await writeFile(file, "key", { mode: 0o600 });
  expect(await credentialOf(account)).toMatchObject({ getToken: expect.any(Function) });
  for (const mode of [0o640, 0o604]) {
    await chmod(file, mode);
    await expect(credentialOf(account)).rejects.toThrow("may be read by others than its owner");
  }
});
