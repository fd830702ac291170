/** One right that the agent's account is given on the users below an organisational unit. */
export type DelegatedRight = "resetPassword" | "lockoutTime" | "pwdLastSet";

/** What the agent needs, and nothing else. */
export const DELEGATED_RIGHTS: readonly DelegatedRight[] = [
  "resetPassword",
  "lockoutTime",
  "pwdLastSet",
];

/** A directory on this machine, simulated or a real Samba, that is spoken to over LDAPS only. */
export interface LocalDirectory {
  readonly kind: "simulated" | "samba";
  /** `ldaps://ADDRESS:PORT`; the certificate carries {@link servername}, not the address. */
  readonly url: string;
  /** Name on the certificate, to be passed as `servername` to TLS. */
  readonly servername: string;
  /** PEM of the authority that signed the certificate. */
  readonly ca: string;
  /** File with the same PEM. */
  readonly caFile: string;
  /** Distinguished name of the domain. */
  readonly baseDn: string;
  /** Account with every right, for seeding and for tests. */
  readonly administrator: { readonly dn: string; readonly password: string };
  /**
   * Lets an account act on the users anywhere below an organisational unit: Reset Password, write
   * `lockoutTime`, write `pwdLastSet`. Rights given earlier stay. Rejects if either is unknown.
   *
   * @param account `sAMAccountName`
   * @param ou distinguished name
   * @param rights all of {@link DELEGATED_RIGHTS} unless named
   */
  delegate(account: string, ou: string, rights?: readonly DelegatedRight[]): Promise<void>;
  /**
   * Lets an account read the objects below a container, such as password settings, which are
   * concealed otherwise. Rejects if either is unknown.
   *
   * @param account `sAMAccountName`
   * @param container distinguished name
   */
  letRead(account: string, container: string): Promise<void>;
  /**
   * "User cannot change password": denies everybody, the owner included, to change it.
   *
   * @param user distinguished name
   */
  forbidChange(user: string): Promise<void>;
  /**
   * What the hourly pass of AdminSDHolder does to one account: `adminCount` 1, and its rights in
   * the place of all inherited ones. Samba has no such pass.
   *
   * @param user distinguished name
   */
  protect(user: string): Promise<void>;
  /** Takes Unexpire Password, which everybody has at first, away from all but administrators. */
  withholdUnexpire(): Promise<void>;
  /** Ends the listener or process and removes what it kept on disk. May be called twice. */
  stop(): Promise<void>;
  /** Ends it without a word to its clients, as a crash would: connections are reset. */
  kill(): Promise<void>;
  /** Stops answering; sockets stay open and new ones are not greeted. */
  freeze(): void;
  /** Ends {@link freeze}. */
  thaw(): void;
}
