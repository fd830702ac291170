import { OLD_TABLES, TABLES } from "../functions/records/tableDescriptions.ts";
import { roleNeeds } from "../infra/needs/roleNeeds.ts";
import { ERRORS } from "../protocol/errors.ts";
import { MEANINGS } from "./errorMeanings.ts";
import { errorsPage } from "./errorsPage.ts";
import { rightsPage } from "./rightsPage.ts";
import { SETTING_ROWS } from "./settingRows.ts";
import { exampleSettings, infraSettings } from "./settingsFiles.ts";
import { settingsPage } from "./settingsPage.ts";
import { tablesPage } from "./tablesPage.ts";

/** The files that are made from tables in the code, by their place in the repository. */
export const writtenFiles = (): Readonly<Record<string, string>> => ({
  "docs/errors.md": errorsPage(ERRORS, MEANINGS),
  "docs/rights.md": rightsPage(roleNeeds(["<connector>"])),
  "docs/settings.md": settingsPage(SETTING_ROWS),
  "docs/tables.md": tablesPage(Object.values(TABLES), Object.values(OLD_TABLES)),
  "infra/settings.json": infraSettings(SETTING_ROWS),
  "local.settings.json.example": exampleSettings(SETTING_ROWS),
});
