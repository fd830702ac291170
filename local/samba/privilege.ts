import { run } from "./run.ts";

/** By what means a process may use another root filesystem and open ports below 1024. */
export type Privilege = "root" | "namespaces";

/** What {@link privilege} looks at. */
export interface PrivilegeProbes {
  readonly isRoot: () => boolean;
  readonly mayUnshare: () => Promise<boolean>;
}

const onThisMachine: PrivilegeProbes = {
  isRoot: () => process.getuid?.() === 0,
  mayUnshare: () =>
    run(["unshare", "--user", "--map-root-user", "--net", "--mount", "true"]).then(
      () => true,
      () => false,
    ),
};

/** @throws Error that says what to do, if this process has neither */
export async function privilege(probes: PrivilegeProbes = onThisMachine): Promise<Privilege> {
  if (probes.isRoot()) return "root";
  if (await probes.mayUnshare()) return "namespaces";
  throw new Error(
    "Samba needs root or unprivileged user namespaces, and this machine offers neither. " +
      "Set SAMBA=off to run the tests without it",
  );
}
