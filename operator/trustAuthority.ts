import { MAX_TRUST_LIST_CHARACTERS } from "@password-writeback/protocol/limits.ts";
import {
  signTrustList,
  type TrustList,
  verifyTrustList,
} from "@password-writeback/protocol/trustList.ts";
import { contradictionIn } from "@password-writeback/protocol/trustListRules.ts";
import { CommandError } from "../workstation/commandError.ts";
import type { Profile } from "./profile.ts";
import type { TrustListPlace } from "./trustListPlace.ts";
import type { OperatorVault, VaultKey } from "./vault.ts";

/** The list in force, verified, and the key that it was verified with. */
export interface Current {
  readonly root: VaultKey;
  /** Undefined before the first one. */
  readonly list: TrustList | undefined;
  /** Serial in the root key's tag: 0 before the first list. */
  readonly tag: number;
}

export interface TrustAuthorityOptions {
  readonly vault: OperatorVault;
  readonly place: TrustListPlace;
  readonly profile: Pick<Profile, "rootKeyName" | "rootKey">;
  /** Keeps a copy of a list that is in force, should somebody take it away. */
  readonly keep: (jws: string) => Promise<void>;
  /** The copy; undefined where there is none. */
  readonly kept: () => Promise<string | undefined>;
}

/**
 * Signs trust lists with the root key and puts them in force. A list is published first and counted
 * in the root key's tag after that: the other way round, whoever dies in between leaves a tag that
 * makes every function refuse the list there is. What is left to be counted is made up for by the
 * next command; until then this operator's copy still tells an older list that was put back.
 */
export class TrustAuthority {
  private readonly options: TrustAuthorityOptions;

  constructor(options: TrustAuthorityOptions) {
    this.options = options;
  }

  /** @throws CommandError: no root key, another one than pinned, or the list is not its newest */
  async current(): Promise<Current> {
    const root = await this.root();
    const tag = serialOf(root);
    const jws = await this.options.place.read();
    const copy = await this.copy(root);
    const known = copy > tag ? `this operator has seen list ${copy}` : `the root key counts ${tag}`;
    if (jws === undefined) {
      if (tag === 0 && copy === 0) return { root, list: undefined, tag };
      throw new CommandError(`No list is published, but ${known}: it was taken away. ${PUT_BACK}`);
    }
    const list = await this.verify(jws, root);
    if (list.serial < tag || list.serial < copy)
      throw new CommandError(
        `List ${list.serial} is published, but ${known}: an old one was put back. ${PUT_BACK}`,
      );
    await this.options.keep(jws);
    return { root, list, tag };
  }

  /** Serial of the copy; 0 where there is none by this root key. */
  private async copy(root: VaultKey): Promise<number> {
    const jws = await this.options.kept();
    if (jws === undefined) return 0;
    return verifyTrustList(jws, root.key, 0).then(
      ({ serial }) => serial,
      () => 0,
    );
  }

  /** @throws CommandError: not signed by the root key */
  async verify(jws: string, root: VaultKey): Promise<TrustList> {
    return verifyTrustList(jws, root.key, 0).catch(() => {
      throw new CommandError(`The published list is not by the root key. ${PUT_BACK}`);
    });
  }

  /** Signs a list, publishes it and counts it. @throws CommandError */
  async issue(list: TrustList, root: VaultKey): Promise<void> {
    const contradiction = await contradictionIn(list);
    if (contradiction) throw new CommandError(`The list contradicts itself: ${contradiction}.`);
    const jws = await signTrustList(list, this.options.vault.signer(root));
    if (jws.length > MAX_TRUST_LIST_CHARACTERS)
      throw new CommandError("The list would be too long: revoke agents that are gone.");
    await this.publish(jws);
  }

  /** Publishes what was signed before. @throws CommandError */
  async publish(jws: string): Promise<void> {
    const { serial } = await this.verify(jws, await this.root());
    await this.options.place.publish(jws);
    await this.options.keep(jws);
    await this.count(serial);
  }

  /**
   * Raises the root key's tag to the list in force, and to one that was published just now whatever
   * lies there: who puts the list before back at once must not keep the new one from counting. Tags
   * know no conditional write, so it is looked at again until it holds: of two operators at once,
   * the later one's serial stays.
   * @param published serial of the list that was published just now
   * @throws CommandError: also where that one lies there no more
   */
  async count(published = 0): Promise<void> {
    let least = published;
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const root = await this.root();
      if (serialOf(root) < least) {
        await this.options.vault.tag(root, { ...root.tags, serial: String(least) });
        continue;
      }
      const jws = await this.options.place.read();
      const inForce = jws === undefined ? 0 : (await this.verify(jws, root)).serial;
      if (inForce < published)
        throw new CommandError(
          `List ${published} was published, and is there no more. ${PUT_BACK}`,
        );
      if (inForce <= serialOf(root)) return;
      least = inForce;
    }
    throw new CommandError("The root key's tag does not hold what is written to it.");
  }

  /** @throws CommandError */
  async root(): Promise<VaultKey> {
    const { vault, profile } = this.options;
    const root = await vault.newest(profile.rootKeyName);
    if (!root) throw new CommandError("There is no root key yet: run `init` first.");
    const { rootKey: pinned } = profile;
    if (pinned && (pinned.x !== root.key.x || pinned.y !== root.key.y))
      throw new CommandError("The vault's root key is not the one of the profile.");
    return root;
  }
}

/** Each operator at work at the same time costs one or two more. */
const MOST_LOOKS = 20;
const PUT_BACK = "Find out who did it; put the newest list back with `publish FILE`.";

/** How far the operators are. @throws CommandError */
export function serialOf({ tags }: VaultKey): number {
  const serial = Number(tags.serial ?? 0);
  if (!Number.isSafeInteger(serial) || serial < 0)
    throw new CommandError('The root key\'s tag "serial" is not a number.');
  return serial;
}
