import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { openApi } from "./api.ts";
import { operatorCredential } from "./credential.ts";
import type { Desk } from "./desk.ts";
import { assertPrivate, readIfThere, replaceFile } from "./files.ts";
import { OperatorError } from "./operatorError.ts";
import { readProfile } from "./profile.ts";
import { TrustAuthority } from "./trustAuthority.ts";
import { openOperatorVault } from "./vault.ts";

/** Where the newest list that was seen is kept, beside the profile. */
export const copyFile = (profileFile: string): string =>
  `${profileFile.replace(/\.json$/, "")}.trustList`;

/** Opens everything that a profile names. Nothing is asked of anybody yet. @throws OperatorError */
export async function openDesk(
  profileFile: string,
  given: Pick<Desk, "approved" | "serial" | "print">,
): Promise<Desk> {
  const profile = await readProfile(profileFile);
  if (profile.caFile !== undefined) trustAlso(profile.caFile);
  if (profile.certificate) await assertPrivate(profile.certificate.file, "certificate");
  // One for each: the library sends the same assertion for all tokens of a credential, and an
  // authority may take an assertion once only (RFC 7523 section 3).
  const vault = openOperatorVault(profile, operatorCredential(profile));
  const api = openApi(profile, operatorCredential(profile));
  const copy = copyFile(profileFile);
  const keep = (jws: string) => replaceFile(copy, `${jws}\n`);
  const kept = () => readIfThere(copy, "copy of the trust list");
  return {
    ...given,
    profile,
    vault,
    agents: () => api.agents(),
    connectors: () => api.connectors(),
    authority: new TrustAuthority({ vault, place: api, profile, keep, kept }),
    now: Date.now,
    sleep,
  };
}

function trustAlso(caFile: string): void {
  try {
    const pem = readFileSync(caFile, "utf8");
    setDefaultCACertificates([...getCACertificates("default"), pem]);
  } catch {
    throw new OperatorError(`The certificate authority cannot be read: ${caFile}`);
  }
}
