import { z } from "zod";
import { nameKey } from "./distinguishedName.ts";

const SID = /^S-1-(?:0|[1-9]\d{0,14})(?:-(?:0|[1-9]\d{0,9})){1,15}$/;

const names = z.array(
  z.string({ error: "must be a distinguished name" }).refine((text) => nameKey(text), {
    error: "must be a distinguished name",
  }),
);
const sids = z.array(
  z.string({ error: "must be a SID" }).regex(SID, "must be a SID, S-1-…: names can be reused"),
);
const NOT_EMPTY = "must not be empty; leave it out to mean everything";
const action = (standard: "refuse" | "warn") =>
  z
    .enum(["refuse", "allow", "warn"], { error: 'must be "refuse", "allow" or "warn"' })
    .default(standard);

const scope = z.strictObject({
  /** Only accounts below one of these; everything below the base where it is left out. */
  in: names.min(1, NOT_EMPTY).optional(),
  out: names.default([]),
  /** Only members, direct or nested, of one of these groups. */
  groupsIn: sids.min(1, NOT_EMPTY).optional(),
  groupsOut: sids.default([]),
});

/** What an administrator may decide about; the other rules of the table always hold. */
const rules = z.strictObject({
  protectedGroup: action("refuse"),
  protectedUsers: action("refuse"),
  staleProtection: action("refuse"),
  service: action("refuse"),
  smartcardOnly: action("refuse"),
  trustedForDelegation: action("refuse"),
  disabled: action("refuse"),
  expired: action("refuse"),
  passwordNotRequired: action("warn"),
  neverExpires: action("warn"),
  changeDenied: action("refuse"),
  resetThoughDenied: action("warn"),
});

/** Which accounts are never touched (`docs/directory.md`). */
export const guardSettings = z.strictObject({
  scope: scope.default(scope.parse({})),
  /** Further groups, by SID, whose members are protected: administrators of DNS, Exchange, … */
  protectedGroups: sids.default([]),
  rules: rules.default(rules.parse({})),
  /** Whether the owner of a protected account may change its password, knowing the current one. */
  ownersMayChange: z.boolean({ error: "must be true or false" }).default(false),
});

export type GuardSettings = z.infer<typeof guardSettings>;
export type ConfigurableRule = keyof GuardSettings["rules"];
