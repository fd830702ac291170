/** What the keys in the vault are called where nobody has named them otherwise. */
export const KEY_NAMES = {
  /** The operators' key: trust lists are signed with it. */
  root: "root",
  /** The functions' key: the certificates of their instances are signed with it. */
  signing: "signing",
} as const;
