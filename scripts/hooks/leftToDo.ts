import { type Deployment, initCommand } from "./deployment.ts";

/** What people have to do themselves after the resources were made: keys and rights. */
export function leftToDo(made: Deployment): string {
  const isKeyKnown = made.ROOT_PUBLIC_KEY_X !== "";
  return `${
    isKeyKnown
      ? "The resources are there, and the functions know the root key."
      : "The resources are there. The functions do not run yet: they need the root key."
  } Left to do, where it is not done yet:

1. As an operator, once the package is deployed (\`azd up\` goes on with that). One command finds
   the keys, gives the functions the root key, and signs the first trust list:

   ${initCommand(made)}

2. The functions' rights in Microsoft Graph, by who may grant them; entra.json is the profile that
   the registration was made with:

   npm run entra -- functions --profile entra.json --identity ${made.MANAGED_IDENTITY_PRINCIPAL_ID}

3. Agents: step 6 of docs/deploy.md.

docs/deploy.md says what each step should show.
`;
}
