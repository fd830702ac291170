/** Bits of `userAccountControl` and of its computed companion (MS-ADTS 2.2.16). */
export const UAC = {
  disabled: 0x2,
  locked: 0x10,
  passwordNotRequired: 0x20,
  normalAccount: 0x200,
  interdomainTrust: 0x800,
  workstationTrust: 0x1000,
  serverTrust: 0x2000,
  passwordNeverExpires: 0x1_0000,
  smartcardRequired: 0x4_0000,
  passwordExpired: 0x80_0000,
} as const;

/** What a user made without the attribute gets: disabled, no password required. */
export const NEW_USER_CONTROL = UAC.normalAccount | UAC.passwordNotRequired | UAC.disabled;

/** Bits that are computed and so never stored. */
export const COMPUTED_BITS = UAC.locked | UAC.passwordExpired;

/** Accounts whose password never gets too old. */
export const UNEXPIRING_BITS =
  UAC.passwordNeverExpires |
  UAC.smartcardRequired |
  UAC.interdomainTrust |
  UAC.workstationTrust |
  UAC.serverTrust;

const ACCOUNT_TYPE = { user: 0x3000_0000, machine: 0x3000_0001, trust: 0x3000_0002 } as const;

/** `sAMAccountType` that goes with the control bits (MS-SAMR 3.1.1.8.1). */
export function accountType(control: number): number {
  if (control & (UAC.workstationTrust | UAC.serverTrust)) return ACCOUNT_TYPE.machine;
  return control & UAC.interdomainTrust ? ACCOUNT_TYPE.trust : ACCOUNT_TYPE.user;
}
