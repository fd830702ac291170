import { enter } from "../../../../local/samba/enter.ts";
import { privilege } from "../../../../local/samba/privilege.ts";

const machine = (isRoot: boolean, mayUnshare: boolean) => ({
  isRoot: () => isRoot,
  mayUnshare: async () => mayUnshare,
});

describe("the right to run Samba", () => {
  test.each([
    { root: true, unshare: false, means: "root" },
    { root: true, unshare: true, means: "root" },
    { root: false, unshare: true, means: "namespaces" },
  ])("root: $root, namespaces: $unshare → $means", async ({ root, unshare, means }) => {
    expect(await privilege(machine(root, unshare))).toBe(means);
  });

  test("with neither, the error names both and the way out", async () => {
    const attempt = privilege(machine(false, false));
    await expect(attempt).rejects.toThrow(/root or unprivileged user namespaces.*SAMBA=off/);
  });

  test("root changes the root filesystem alone; others take a network of their own, too", () => {
    expect(enter("root", "/r", ["samba", "-i"])).toEqual(["chroot", "/r", "samba", "-i"]);
    const line = enter("namespaces", "/r", ["samba", "-i"]);
    expect(line).toEqual(expect.arrayContaining(["unshare", "--user", "--net", "--mount"]));
    expect(line.slice(-3)).toEqual(["/r", "samba", "-i"]);
  });
});
