import type { VaultRights } from "../vault/vaultAccess.ts";
import { ROOT_KEY_NAME, SIGNING_KEY_NAME } from "./operator.ts";
import type { Applications } from "./tenant.ts";

/** Operators hold the root key; the functions sign with the signing key and read the root's tag. */
export const vaultRights =
  ({ functions, operator }: Applications): VaultRights =>
  (subject, keyName, action) => {
    if (subject === operator.objectId) return true;
    if (subject !== functions.objectId) return false;
    if (action === "get") return keyName === ROOT_KEY_NAME || keyName === SIGNING_KEY_NAME;
    return action === "sign" && keyName === SIGNING_KEY_NAME;
  };
