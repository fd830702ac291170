import { z } from "zod";

/** Format of the stored settings: raised where an older reader must not pass over a new member. */
const SETTINGS_VERSION = 1;

/** As many as Microsoft Graph takes in one question. */
const MOST_GROUPS = 20;
const MOST_PLANS = 50;

/** Service plans of Microsoft Entra ID P1 and P2, which Microsoft asks for writeback. */
const ENTRA_P1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
const ENTRA_P2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998";

const guid = z.guid().toLowerCase();
const groups = z.array(guid).max(MOST_GROUPS);
/** A web address without user and password, or a mail address: a portal makes a link of it. */
const contact = z.union([
  z
    .string()
    .max(500)
    .regex(
      /^https:\/\/[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?([/?#][\w.~!$&()*+,;=:@%/?#-]*)?$/,
    ),
  z.email().max(254),
]);

const MEMBERS = {
  features: {
    passwordWritebackEnabled: z.boolean(),
    accountUnlockEnabled: z.boolean(),
  },
  selfService: {
    scope: z.enum(["none", "selected", "all"]),
    includeGroups: groups,
    excludeGroups: groups,
    licenseRequired: z.boolean(),
    servicePlans: z.array(guid).min(1).max(MOST_PLANS),
  },
  administrators: {
    passwordResetEnabled: z.boolean(),
    mustChangeRequired: z.boolean(),
  },
};
const helpContact = contact.nullable();

/** What the operators of a tenant have decided (`docs/tenantSettings.md`). */
export const tenantSettings = z.object({
  features: z.object(MEMBERS.features),
  selfService: z.object(MEMBERS.selfService),
  administrators: z.object(MEMBERS.administrators),
  /** Where people are sent who cannot be helped here. */
  helpContact,
});
export type TenantSettings = z.infer<typeof tenantSettings>;

/** Some of the members, none that is not known. */
export const settingsChange = z
  .strictObject({
    features: z.strictObject(MEMBERS.features).partial(),
    selfService: z.strictObject(MEMBERS.selfService).partial(),
    administrators: z.strictObject(MEMBERS.administrators).partial(),
    helpContact,
  })
  .partial();
export type SettingsChange = z.infer<typeof settingsChange>;

/** Of a tenant whose operators have set nothing yet: nobody is helped before somebody says so. */
export const DEFAULT_SETTINGS: TenantSettings = {
  features: { passwordWritebackEnabled: false, accountUnlockEnabled: false },
  selfService: {
    scope: "none",
    includeGroups: [],
    excludeGroups: [],
    licenseRequired: false,
    servicePlans: [ENTRA_P1, ENTRA_P2],
  },
  administrators: { passwordResetEnabled: true, mustChangeRequired: false },
  helpContact: null,
};

/** Settings as they are stored: members that a newer version has written are kept. */
export type StoredSettings = Readonly<Record<string, unknown>>;

const stored = z.looseObject({ version: z.literal(SETTINGS_VERSION) });

/** @throws Error where the text is not what was stored, or of a version that is not known */
export const parseStored = (json: string): StoredSettings => stored.parse(JSON.parse(json));

/**
 * The settings that stored ones mean: what an older version has not written has its default.
 * @throws Error where a member is not what it must be
 */
export const settingsOf = (kept: StoredSettings): TenantSettings =>
  tenantSettings.parse(merge(DEFAULT_SETTINGS, kept));

/** Puts the given members in the place of the old ones; lists are replaced whole. */
export const changed = (kept: StoredSettings, change: SettingsChange): StoredSettings =>
  merge({ ...kept, version: SETTINGS_VERSION }, change);

function merge(old: StoredSettings, given: StoredSettings): StoredSettings {
  const members = Object.entries(given).map(([name, value]) => {
    const before = Object.hasOwn(old, name) ? old[name] : undefined;
    return [name, isGroup(before) && isGroup(value) ? { ...before, ...value } : value];
  });
  return { ...old, ...Object.fromEntries(members) };
}

const isGroup = (value: unknown): value is StoredSettings =>
  typeof value === "object" && value !== null && !Array.isArray(value);
