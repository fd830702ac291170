/** Which Samba: one with the policy-hints controls (4.24) or one without (4.17). */
export type SambaVersion = "4.24" | "4.17";

/** Where Debian keeps a version, and what is expected of it. */
export interface SambaRelease {
  readonly version: SambaVersion;
  readonly suite: string;
  /** Taken in preference to the suite. */
  readonly backports?: string;
  /** Whether its rootDSE must advertise the policy-hints controls. */
  readonly policyHints: boolean;
}

/** Backports move on; what a suite delivers is checked when a server is started. */
export const SAMBA_RELEASES: Readonly<Record<SambaVersion, SambaRelease>> = {
  "4.24": {
    version: "4.24",
    suite: "trixie",
    backports: "trixie-backports",
    policyHints: true,
  },
  "4.17": { version: "4.17", suite: "bookworm", policyHints: false },
};

/** With what they depend on: enough to provision a domain and to serve it over LDAPS. */
export const SAMBA_PACKAGES: readonly string[] = [
  "samba-ad-dc",
  "samba-ad-provision",
  "samba-dsdb-modules",
  "base-files",
  "libc6",
  "libc-bin",
  "coreutils",
  "dash",
];
