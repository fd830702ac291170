import { createHash } from "node:crypto";
import type { TableClient } from "@azure/data-tables";
import { ApiError } from "../http/apiError.ts";
import { type GroundRows, SETTINGS_ROW } from "./groundRows.ts";
import { replaceRow } from "./replaceRow.ts";
import { unavailable } from "./tables.ts";
import {
  changed,
  parseStored,
  type SettingsChange,
  type StoredSettings,
  settingsOf,
  type TenantSettings,
} from "./tenantSettings.ts";

/** Others that may get in between before a change is given up. */
const MOST_TRIES = 8;

/** The settings in force, and what they are compared by. */
export interface CurrentSettings {
  readonly settings: TenantSettings;
  /** Strong entity tag (RFC 9110, 8.8.3): the same settings have the same. */
  readonly etag: string;
}

interface Kept extends CurrentSettings {
  readonly stored: StoredSettings;
  /** Of the row; undefined as long as there is none. */
  readonly rowTag: string | undefined;
}

/** Keeps the settings of the tenant in one row, which is read with each request. */
export class SettingsStore {
  private readonly table: TableClient;
  private readonly readGround: () => Promise<GroundRows>;
  private lastContact: string | null = null;

  constructor(table: TableClient, readGround: () => Promise<GroundRows>) {
    this.table = table;
    this.readGround = readGround;
  }

  /** Where people find help, as it was last read here: an error must not cost another call. */
  get helpContact(): string | null {
    return this.lastContact;
  }

  /** @throws ApiError `settingsUnusable`, `recordsUnavailable` */
  async current(): Promise<CurrentSettings> {
    const { settings, etag } = await this.read();
    return { settings, etag };
  }

  /**
   * Changes the given members and no others, whatever others change meanwhile.
   * @param ifMatch entity tags of which one must be in force; undefined: whatever is
   * @param before is told of the settings before and after, before each try to write them
   * @throws ApiError `settingsChanged`, `settingsUnusable`, `recordsUnavailable`
   */
  async change(
    given: SettingsChange,
    ifMatch: readonly string[] | undefined,
    before: (old: TenantSettings, next: TenantSettings) => void,
  ): Promise<CurrentSettings> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const old = await this.read();
      if (ifMatch && !ifMatch.includes(old.etag)) throw new ApiError("settingsChanged");
      const stored = changed(old.stored, given);
      const next = describe(stored);
      if (next.etag === old.etag) return old;
      before(old.settings, next.settings);
      if (await this.write(stored, old.rowTag)) return next;
    }
    throw unavailable(new Error("others change the settings all the time"));
  }

  private async read(): Promise<Kept> {
    const { settings: row } = await this.readGround();
    try {
      const stored = row ? parseStored(String(row.json)) : {};
      const kept = { ...describe(stored), stored, rowTag: row?.etag };
      this.lastContact = kept.settings.helpContact;
      return kept;
    } catch (cause) {
      throw new ApiError("settingsUnusable", { cause });
    }
  }

  /** @returns false where somebody else wrote in between */
  private write(stored: StoredSettings, etag: string | undefined): Promise<boolean> {
    return replaceRow(this.table, { ...SETTINGS_ROW, json: JSON.stringify(stored) }, etag);
  }
}

function describe(stored: StoredSettings): CurrentSettings {
  const settings = settingsOf(stored);
  const digest = createHash("sha256").update(JSON.stringify(settings)).digest("base64url");
  return { settings, etag: `"${digest.slice(0, 22)}"` };
}
