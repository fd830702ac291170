import type { LocalDirectory } from "../localDirectory.ts";
import { canBind } from "./canBind.ts";

const WRONG_PASSWORD = "not-the-password";
const MOST_ATTEMPTS = 20;

/**
 * Locks an account as a person would: with wrong passwords.
 *
 * @throws Error if the policy does not lock it
 */
export async function lockOut(directory: LocalDirectory, dn: string): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    if ((await canBind(directory, dn, WRONG_PASSWORD)) === "775") return;
  }
  throw new Error(`Not locked after ${MOST_ATTEMPTS} wrong passwords; is there a threshold?`);
}
