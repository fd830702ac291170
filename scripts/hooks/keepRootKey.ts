import type { PublicKey } from "@password-writeback/protocol/trustList.ts";
import { type AzdEnvironment, azdLines } from "../../operator/azdEnvironment.ts";
import { type Environment, initCommand, profileFileOf } from "./deployment.ts";

export interface KeepRootKeyParts {
  readonly environment: Environment;
  /** `rootKey` of the environment's profile; undefined where it has none. */
  readonly pinned: PublicKey | undefined;
  /** Whether the functions answer, which they do with a root key only. */
  readonly isRunning: () => Promise<boolean>;
  /** Puts the key into the environment. @returns whether azd did it */
  readonly keep: (key: PublicKey, environment: AzdEnvironment) => Promise<boolean>;
  readonly print: (line: string) => void;
}

/**
 * Sees to it that a deployment does not take the root key away from functions that have it: the
 * templates replace all settings, and know the key from the environment alone. Functions that do
 * not answer are taken for ones that never had it; if they had, `init` gives it back.
 * @throws Error: it would
 */
export async function keepRootKey(parts: KeepRootKeyParts): Promise<void> {
  const { environment, pinned, isRunning, keep, print } = parts;
  const { API_URL, AZURE_ENV_NAME: name, ROOT_PUBLIC_KEY_X: x, ROOT_PUBLIC_KEY_Y: y } = environment;
  if (x !== "" && y !== "") {
    if (pinned && (pinned.x !== x || pinned.y !== y))
      throw new Error(
        "ROOT_PUBLIC_KEY_X and ROOT_PUBLIC_KEY_Y of the environment are not the root key of " +
          `${profileFileOf(environment)}: the functions would trust no list. Mend what is wrong.`,
      );
    return;
  }
  if (pinned) {
    const azd = { name, project: process.cwd() };
    if (await keep(pinned, azd))
      return print("The root key of the operator's profile is kept in the environment.");
    throw new Error(
      "The environment lacks the functions' root key. Set it, then go on:\n\n" +
        `${azdLines(pinned, azd)}\n`,
    );
  }
  if (API_URL === "") return;
  if (await isRunning())
    throw new Error(
      `The functions run, and the environment "${name}" does not know their root key: ` +
        `provisioning would take it away. Where ${profileFileOf(environment)} is missing,\n` +
        "`azd hooks run postprovision` writes it. Then have the key kept, and go on:\n\n" +
        `  ${initCommand(environment)}\n`,
    );
  print(
    `${API_URL} does not answer, or not from here: should the functions have a root key, ` +
      `they lose it now. After the deployment this gives it back:\n\n  ${initCommand(environment)}`,
  );
}
