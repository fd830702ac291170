/** Roles that Azure has, and what they permit with data, as far as it is of use here. */
export const BUILT_IN_ROLES = {
  "Azure Service Bus Data Receiver": ["Microsoft.ServiceBus/*/receive/action"],
  "Azure Service Bus Data Sender": ["Microsoft.ServiceBus/*/send/action"],
  "Key Vault Crypto Officer": ["Microsoft.KeyVault/vaults/keys/*"],
  "Key Vault Reader": ["Microsoft.KeyVault/vaults/*/read"],
  "Monitoring Metrics Publisher": ["Microsoft.Insights/Telemetry/Write"],
  "Storage Blob Data Owner": ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
  "Storage Table Data Contributor": [
    "Microsoft.Storage/storageAccounts/tableServices/tables/entities/*",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/**
 * Roles that the templates make, and all that they permit. Azure's own for keys permit more: Key
 * Vault Crypto User changes a key and backs it up, Key Vault Crypto Officer signs as well.
 */
export const OWN_ROLES = {
  signer: ["Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keys/sign/action"],
  keeper: [
    "Microsoft.KeyVault/vaults/keys/read",
    "Microsoft.KeyVault/vaults/keys/create/action",
    "Microsoft.KeyVault/vaults/keys/update/action",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Every role that is given to somebody. A star stands for anything. */
export const ROLES = { ...BUILT_IN_ROLES, ...OWN_ROLES } as const;
export type Role = keyof typeof ROLES;
