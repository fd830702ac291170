import type { PublicKey } from "@password-writeback/protocol/trustList.ts";
import { CommandError } from "../workstation/commandError.ts";
import { readJsonFile, replaceFile } from "../workstation/files.ts";
import { azdEnvironmentOf, azdLines, keepInAzd } from "./azdEnvironment.ts";

/**
 * Pins the root key in the profile, and keeps it for the next deployment. What cannot be done from
 * here is told, and does not end the command: the functions have the key already.
 */
export async function rememberRootKey(
  profileFile: string,
  key: PublicKey,
  print: (text: string) => void,
): Promise<void> {
  try {
    await pin(profileFile, key);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    print(`${error.message}\nPut the key into it yourself, as "rootKey": ${JSON.stringify(key)}`);
  }
  const environment = azdEnvironmentOf(profileFile);
  if (environment && (await keepInAzd(key, environment))) {
    print(`The environment "${environment.name}" of azd has it for the next deployment.`);
    return;
  }
  print(`So that the next deployment keeps it, have these values set before, with azd:

${azdLines(key, environment)}

Without azd: the parameters rootPublicKeyX and rootPublicKeyY, with the same values.
`);
}

/** Writes nothing where the key is there already. @throws CommandError */
async function pin(profileFile: string, key: PublicKey): Promise<void> {
  const profile = (await readJsonFile(profileFile, "profile")) as Record<string, unknown>;
  if (profile.rootKey !== undefined) return;
  await replaceFile(profileFile, `${JSON.stringify({ ...profile, rootKey: key }, null, 2)}\n`);
}
