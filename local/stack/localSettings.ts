import type { SettingsChange } from "../../functions/records/tenantSettings.ts";

/** What the operators of the local tenant have decided: everybody is helped with everything. */
export const LOCAL_SETTINGS: SettingsChange = {
  features: { passwordWritebackEnabled: true, accountUnlockEnabled: true },
  selfService: { scope: "all" },
  helpContact: "helpdesk@contoso.example",
};
