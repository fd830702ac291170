import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Description } from "../../local/stack/description.ts";
import { DEPLOYED } from "../unit/scripts/deployed.ts";

interface Tried {
  readonly printed: string;
  /** What `az` was asked for. */
  readonly asked: string;
}

/**
 * Runs the hook as azd does after a deployment, for somebody who is signed in with `az` as an
 * operator: an `az` that answers as Microsoft's does comes first in the path.
 * @param folder for that `az`
 * @param accessToken what it answers with
 * @throws Error with what the hook printed, where it ends as failed
 */
export async function postdeploy(
  folder: string,
  made: Description,
  accessToken = made.tokens.operator,
): Promise<Tried> {
  const profile = JSON.parse(readFileSync(made.operatorProfile, "utf8"));
  const bin = join(folder, "bin");
  const log = join(bin, "az.log");
  const token = join(bin, "token.json");
  mkdirSync(bin, { recursive: true });
  const expires = Math.floor(Date.now() / 1_000) + 3_600;
  const answer = { accessToken, expires_on: expires, tokenType: "Bearer" };
  writeFileSync(token, JSON.stringify(answer), { mode: 0o600 });
  writeFileSync(join(bin, "az"), `#!/bin/sh\necho "$*" > '${log}'\ncat '${token}'\n`, {
    mode: 0o700,
  });
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/hooks/postdeploy.ts"], {
    env: {
      ...DEPLOYED,
      PATH: `${bin}:${process.env.PATH}`,
      API_URL: profile.api,
      API_CLIENT_ID: profile.apiClientId,
      TENANT_ID: profile.tenantId,
      NODE_EXTRA_CA_CERTS: resolve(".local/certificates/ca/certificate.pem"),
    },
  });
  return { printed: stdout, asked: readFileSync(log, "utf8").trim() };
}
