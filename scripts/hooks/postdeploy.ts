import { setTimeout as sleep } from "node:timers/promises";
import { azureCliCredential } from "../../workstation/credential.ts";
import { type Deployment, initCommand, readDeployment } from "./deployment.ts";
import { runHook } from "./runHook.ts";
import { healthFault, smokeTest } from "./smokeTest.ts";

/** Undefined where nobody is signed in with az, or not for this API. */
async function operatorToken(made: Deployment): Promise<string | undefined> {
  const credential = azureCliCredential(made.TENANT_ID);
  const found = await credential.getToken(`${made.API_CLIENT_ID}/.default`).catch(() => undefined);
  return found?.token;
}

/** Another workstation's `init` may have given the functions the key. */
const isKeyless = async ({ API_URL: api, ROOT_PUBLIC_KEY_X: x }: Deployment): Promise<boolean> =>
  x === "" && (await healthFault({ api, fetch })) !== undefined;

const nothingYet = (made: Deployment): string => `
Nothing to try yet: the package is there, and the functions start once they have the root key.
As an operator:

  ${initCommand(made)}

After that \`azd hooks run postdeploy\` tries what was deployed.`;

runHook(async () => {
  const made = readDeployment(process.env);
  if (await isKeyless(made)) {
    process.stdout.write(`${nothingYet(made)}\n`);
    return 0;
  }
  const isRight = await smokeTest({
    api: made.API_URL,
    token: await operatorToken(made),
    signIn: `az login --tenant ${made.TENANT_ID} --scope ${made.API_CLIENT_ID}/.default`,
    fetch,
    now: () => performance.now(),
    sleep,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  return isRight ? 0 : 1;
});
