import type { PublicKey, TrustList } from "@password-writeback/protocol/trustList.ts";
import { CommandError } from "../workstation/commandError.ts";
import type { Api } from "./api.ts";
import { changesText } from "./listText.ts";
import { NotApprovedError } from "./notApprovedError.ts";
import type { Profile } from "./profile.ts";
import type { Site } from "./site.ts";
import type { Current, TrustAuthority } from "./trustAuthority.ts";
import type { OperatorVault } from "./vault.ts";

/** What commands work with. */
export interface Desk {
  readonly profile: Profile;
  readonly vault: OperatorVault;
  readonly agents: Api["agents"];
  readonly connectors: Api["connectors"];
  readonly ready: Api["ready"];
  readonly authority: TrustAuthority;
  /** Undefined where the profile names none. */
  readonly site: Site | undefined;
  /** Pins the root key in the profile, and keeps it for the next deployment. */
  readonly remember: (rootKey: PublicKey) => Promise<void>;
  /** `--yes`: sign and publish. Without it a command says what it would do. */
  readonly approved: boolean;
  /** `--serial`: the only list that may be signed. */
  readonly serial: number | undefined;
  readonly print: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/** The list in force. @throws CommandError: there is none */
export async function inForce(desk: Desk): Promise<Current & { readonly list: TrustList }> {
  const current = await desk.authority.current();
  const { list } = current;
  if (!list) throw new CommandError("There is no trust list yet: run `init` first.");
  return { ...current, list };
}

/** @throws NotApprovedError: nothing was done */
export function approve(desk: Desk, what: string): void {
  if (desk.approved) return;
  desk.print(`\nNothing was done. To ${what}, run the same again with --yes.`);
  throw new NotApprovedError();
}

/**
 * Shows what a list changes and, if that is approved, signs and publishes it.
 * @throws NotApprovedError, CommandError
 */
export async function issue(desk: Desk, current: Current, next: TrustList): Promise<void> {
  desk.print(`To be signed:\n\n${changesText(current.list, next)}`);
  if (desk.serial !== undefined && desk.serial !== next.serial)
    throw new CommandError(`This would be list ${next.serial}, not ${desk.serial}.`);
  approve(desk, `sign and publish list ${next.serial}`);
  await desk.authority.issue(next, current.root);
  desk.print(`\nList ${next.serial} is signed and in force.`);
}

/** Nothing is to be signed; what an earlier command left uncounted is counted. */
export async function nothingToSign(desk: Desk, why: string): Promise<void> {
  desk.print(`${why} Nothing is to be signed.`);
  if (desk.approved) await desk.authority.count();
}
