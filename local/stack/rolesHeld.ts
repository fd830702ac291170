import { ENTRA_ROLES } from "../../functions/access/entraRoles.ts";
import type { RoleFacts } from "../identity/graph/roles.ts";
import { SAMPLE_USERS } from "../samples.ts";
import { ADMINISTRATORS } from "./tenant.ts";

/** The sample person whose Entra role only the highest administrators may pass by. */
const ROLE_HOLDER = SAMPLE_USERS.find(({ about }) => about === "roleHolder");
/** Exchange Administrator: one of the many roles that the role matrix does not name. */
const EXCHANGE_ADMINISTRATOR = "29232cdf-9323-42fd-ade2-1d097af3e4de";

/** Who holds which Entra role in the sample tenant. */
export const ROLES_HELD: RoleFacts = {
  assigned: [
    {
      principalId: ADMINISTRATORS.helpdesk.objectId,
      roleDefinitionId: ENTRA_ROLES.helpdeskAdministrator,
    },
    {
      principalId: ADMINISTRATORS.globalAdministrator.objectId,
      roleDefinitionId: ENTRA_ROLES.globalAdministrator,
    },
    { principalId: ROLE_HOLDER?.id ?? "", roleDefinitionId: EXCHANGE_ADMINISTRATOR },
  ],
};
