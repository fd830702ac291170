import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialOf } from "../../../workstation/credential.ts";

const TENANT = "11111111-2222-4333-8444-555555555555";
const API = "11111111-2222-4333-8444-666666666666";
const ACCOUNT = {
  version: 1,
  tenantId: TENANT,
  authority: "https://login.microsoftonline.com",
} as const;

const PATH = process.env.PATH;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "az-"));
  process.env.PATH = `${folder}:${PATH}`;
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

/** What stands in the place of `az`. */
const az = (...lines: readonly string[]) =>
  writeFileSync(join(folder, "az"), ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o700 });

test("without a certificate in the profile the token is that of who is signed in with az, in that tenant", async () => {
  const expires = Math.floor(Date.now() / 1_000) + 3_600;
  const answer = JSON.stringify({ accessToken: "token-of-az", expires_on: expires });
  az(`echo "$*" > '${join(folder, "asked")}'`, `echo '${answer}'`);
  const credential = await credentialOf(ACCOUNT);
  expect(await credential.getToken(`${API}/.default`)).toMatchObject({
    token: "token-of-az",
    expiresOnTimestamp: expires * 1_000,
  });
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe(
    `account get-access-token --output json --resource ${API} --tenant ${TENANT}\n`,
  );
});

test("where az gives none, how to sign in is said, and nothing of what az said", async () => {
  az("echo 'AADSTS700082: refresh token eyJhbGciOi has expired' >&2", "exit 1");
  const credential = await credentialOf(ACCOUNT);
  const failed = await credential.getToken(`${API}/.default`).catch((error: Error) => error);
  expect(failed).toMatchObject({
    name: "CommandError",
    message: `There is no token: sign in with \`az login --tenant ${TENANT}\`.`,
  });
  expect(failed).not.toHaveProperty("cause");
});
