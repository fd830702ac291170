import type { TenantSettings } from "./tenantSettings.ts";

/** A member that was changed: its name, and its values as JSON. */
export interface SettingsDifference {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** What differs, member by member, for the record of the change. */
export function settingsChanges(old: TenantSettings, next: TenantSettings): SettingsDifference[] {
  const before = membersOf(old);
  return [...membersOf(next)].flatMap(([name, after]) =>
    before.get(name) === after ? [] : [{ name, before: before.get(name) ?? "null", after }],
  );
}

function membersOf(settings: TenantSettings): Map<string, string> {
  const { helpContact, ...groups } = settings;
  const members = Object.entries(groups).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]): [string, string] => [
      `${group}.${name}`,
      JSON.stringify(value),
    ]),
  );
  return new Map([...members, ["helpContact", JSON.stringify(helpContact)]]);
}
