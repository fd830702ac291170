import type { Deployment } from "./deployment.ts";

const profileOf = (made: Deployment): string =>
  JSON.stringify(
    {
      version: 1,
      tenantId: made.TENANT_ID,
      api: made.API_URL,
      apiClientId: made.API_CLIENT_ID,
      vault: made.KEY_VAULT_URL,
      relay: { namespace: made.SERVICE_BUS_NAMESPACE },
    },
    null,
    2,
  );

const INIT = "npm run operator -- init --profile operator.json --yes";

/** What people have to do themselves after the resources were made: keys and rights. */
export function leftToDo(made: Deployment): string {
  const graph = `The functions' rights in Microsoft Graph, once, by who may grant them:

   npm run entra -- functions --profile entra.json --identity ${made.MANAGED_IDENTITY_PRINCIPAL_ID}`;
  if (made.ROOT_PUBLIC_KEY_X !== "")
    return `The resources are there, and the functions know the root key. Left to do:

1. The first trust list, unless one is in force already:

   ${INIT}

2. ${graph}

3. Agents: step 6 of docs/deploy.md.
`;
  return `The resources are there. The functions do not run yet: they need the root key's public half.

1. Save this as operator.json:

${profileOf(made)}

2. As an operator, let the command find the keys. It prints the root key and its fingerprint, and
   ends with a failure, because the functions do not answer yet:

   ${INIT}

3. Put the key into operator.json as "rootKey", and its x and y here:

   azd env set ROOT_PUBLIC_KEY_X …
   azd env set ROOT_PUBLIC_KEY_Y …
   azd provision

4. ${graph}

docs/deploy.md says what each step should show.
`;
}
