import type { Principal } from "../../infra/needs/roleNeeds.ts";
import type { VaultRights } from "../vault/vaultAccess.ts";
import { isPermitted } from "./isPermitted.ts";
import type { Applications } from "./tenant.ts";

const ACTIONS = {
  get: "Microsoft.KeyVault/vaults/keys/read",
  list: "Microsoft.KeyVault/vaults/keys/read",
  create: "Microsoft.KeyVault/vaults/keys/create/action",
  update: "Microsoft.KeyVault/vaults/keys/update/action",
  sign: "Microsoft.KeyVault/vaults/keys/sign/action",
} as const;

/** Who may do what with which key, by the object ids of service principals. */
export function vaultRights({ functions, operator }: Applications): VaultRights {
  const principals: Readonly<Record<string, Principal>> = {
    [functions.objectId]: "functions",
    [operator.objectId]: "operators",
  };
  return (subject, name, operation) =>
    isPermitted(principals[subject], { kind: "key", name }, ACTIONS[operation]);
}
