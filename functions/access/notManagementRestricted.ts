import { ApiError } from "../http/apiError.ts";
import type { Rule } from "./permit.ts";

/**
 * Members of a restricted-management administrative unit are managed by nobody but those with a
 * role over that very unit, not by Global Administrators either; roles over a part of the tenant
 * give no right here.
 * @throws ApiError `managementRestricted`
 */
export const notManagementRestricted: Rule = async ({ origin, facts }) => {
  if ((origin === "admin" || origin === "automation") && facts.managementRestricted)
    throw new ApiError("managementRestricted");
};
