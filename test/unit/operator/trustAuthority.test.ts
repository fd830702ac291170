import { TrustAuthority } from "../../../operator/trustAuthority.ts";
import type { OperatorVault, VaultKey } from "../../../operator/vault.ts";
import { signTrustList } from "../../../protocol/trustList.ts";
import { newWorld } from "../protocol/world.ts";

test("a vault that never shows the tag it took ends in an error, not in an endless look", async () => {
  const { root: rootKey, list } = await newWorld();
  const root: VaultKey = {
    kid: rootKey.signer.kid,
    key: rootKey.publicKey,
    created: 0,
    enabled: true,
    tags: {},
  };
  const tagged: unknown[] = [];
  const vault: Pick<OperatorVault, "newest" | "tag"> = {
    newest: async () => root,
    tag: async (_, tags) => void tagged.push(tags),
  };
  const jws = await signTrustList(list, rootKey.signer);
  const authority = new TrustAuthority({
    vault: vault as OperatorVault,
    place: { read: async () => jws, publish: async () => {} },
    profile: { rootKeyName: "root", rootKey: undefined },
    keep: async () => {},
    kept: async () => undefined,
  });
  await expect(authority.publish(jws)).rejects.toThrow("does not hold what is written to it");
  expect(tagged.length).toBeLessThan(100);
});
