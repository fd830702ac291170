import {
  CLOCK_TOLERANCE_SECONDS,
  MAX_REQUEST_SECONDS,
} from "@password-writeback/protocol/limits.ts";
import type { TrustList } from "@password-writeback/protocol/trustList.ts";
import { CommandError } from "../../workstation/commandError.ts";
import { untilAcknowledged } from "../acknowledgement.ts";
import { approve, type Desk, inForce, issue } from "../desk.ts";
import { withSigningKeys } from "../nextList.ts";
import { type RollState, rollState } from "../rollState.ts";
import type { VaultKey } from "../vault.ts";

/** Milliseconds after which nothing that was signed with the key before can be under way. */
const OVER_MS = (MAX_REQUEST_SECONDS + CLOCK_TOLERANCE_SECONDS) * 1_000;

const PLAN: Readonly<Record<RollState["step"], string>> = {
  announce: "make a new version, announce it, use it once live agents know it, drop the old one",
  use: "go on with a roll: use the announced version once live agents know it, drop the old one",
  drop: "go on with a roll: drop the old version once nothing signed with it is under way",
};

/**
 * `roll-signing-key`: three lists, one after the other. The new version is listed before the old
 * one, which functions go on using; then after it, so that they use the new one; then alone. Each
 * list leaves a working system, and from each the same command goes on.
 * @throws NotApprovedError, CommandError
 */
export async function rollSigningKey(desk: Desk): Promise<void> {
  const begun = await stateOf(desk);
  desk.print(`Planned roll of the signing key: ${PLAN[begun.state.step]}.`);
  approve(desk, "do that");
  if (begun.state.step === "announce") await announce(desk, begun, begun.state.old);
  for (;;) {
    const { state, list } = await stateOf(desk);
    if (state.step === "announce") return done(desk, state.old);
    if (state.step === "use") await untilAcknowledged(desk, list);
    else await untilOver(desk, list);
    await goOn(desk, list);
  }
}

async function stateOf(desk: Desk) {
  const current = await inForce(desk);
  const newest = await desk.vault.newest(desk.profile.signingKeyName);
  if (!newest) throw new CommandError("There is no signing key in the vault: run `init`.");
  const state = await rollState(current.list, newest, desk.vault);
  if (!state)
    throw new CommandError("More than two signing keys are listed: only --compromised helps.");
  return { ...current, newest, state };
}

/** A version that is not listed was made by somebody who did not come to announcing it. */
async function announce(
  desk: Desk,
  { list, newest, ...current }: Awaited<ReturnType<typeof stateOf>>,
  old: VaultKey,
): Promise<void> {
  const isFree = newest.kid !== old.kid && newest.enabled;
  const next = isFree ? newest : await desk.vault.create(desk.profile.signingKeyName);
  await issue(desk, { ...current, list }, withSigningKeys(list, [next, old], desk.now()));
}

/** The next list, if the one that was waited for is still as it was. */
async function goOn(desk: Desk, waitedFor: TrustList): Promise<void> {
  const { state, list, ...current } = await stateOf(desk);
  const isSame = JSON.stringify(list.signingKeys) === JSON.stringify(waitedFor.signingKeys);
  if (!isSame || state.step === "announce") return;
  const keys = state.step === "use" ? [state.old, state.next] : [state.next];
  await issue(desk, { ...current, list }, withSigningKeys(list, keys, desk.now()));
  if (state.step === "drop") desk.print(`\n${disable([state.old.kid])}`);
}

async function untilOver(desk: Desk, { iat }: TrustList): Promise<void> {
  const left = Math.min(iat * 1_000, desk.now()) + OVER_MS - desk.now();
  if (left <= 0) return;
  desk.print(
    `Waiting ${Math.ceil(left / 1_000)} s, until nothing signed with the old one is left.`,
  );
  await desk.sleep(left);
}

const done = (desk: Desk, key: VaultKey): void =>
  desk.print(`Functions sign with ${key.kid} alone. The roll is done.`);

const disable = (kids: readonly string[]): string =>
  [
    "Certificates by a version that is not listed are refused everywhere. Disable it in the vault:",
    ...kids.map((kid) => `  az keyvault key set-attributes --id ${kid} --enabled false`),
  ].join("\n");

/**
 * `roll-signing-key --compromised`: one list with nothing but a version that nobody can have signed
 * with before. Agents that have not got it refuse, write nothing, and fetch it.
 * @throws NotApprovedError, CommandError
 */
export async function replaceSigningKey(desk: Desk): Promise<void> {
  desk.print(
    "The signing key is replaced at once by a new version. Take the thief's right to sign away\n" +
      "first (identity of the functions, Key Vault role): who has it can sign with that one, too.",
  );
  const current = await inForce(desk);
  approve(desk, "do that");
  const next = await desk.vault.create(desk.profile.signingKeyName);
  await issue(desk, current, withSigningKeys(current.list, [next], desk.now()));
  desk.print(`\n${disable(current.list.signingKeys.map(({ kid }) => kid))}`);
}
