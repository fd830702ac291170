const ID = "7d3c2f10-0000-4000-8000-00000000aaaa";

/** Values of azd after a deployment, as a hook finds them. */
export const DEPLOYED = {
  AZURE_ENV_NAME: "writeback-test",
  API_URL: "https://func-contoso.azurewebsites.net/",
  API_CLIENT_ID: ID,
  TENANT_ID: ID,
  AUTHORITY: "https://login.microsoftonline.com/",
  AZURE_FUNCTION_ID:
    `/subscriptions/${ID}/resourceGroups/rg-contoso` +
    "/providers/Microsoft.Web/sites/func-contoso",
  MANAGED_IDENTITY_PRINCIPAL_ID: ID,
  SERVICE_BUS_NAMESPACE: "sb-contoso.servicebus.windows.net",
  KEY_VAULT_URL: "https://kv-contoso.vault.azure.net/",
  ROOT_KEY_NAME: "root",
  SIGNING_KEY_NAME: "signing",
};
