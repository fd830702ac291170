import { setTimeout as sleep } from "node:timers/promises";
import { azureCliCredential } from "../../workstation/credential.ts";
import { type Deployment, readDeployment } from "./deployment.ts";
import { smokeTest } from "./smokeTest.ts";

/** Undefined where nobody is signed in with az, or not for this API. */
async function operatorToken(made: Deployment): Promise<string | undefined> {
  const credential = azureCliCredential(made.TENANT_ID);
  const found = await credential.getToken(`${made.API_CLIENT_ID}/.default`).catch(() => undefined);
  return found?.token;
}

async function run(): Promise<number> {
  const made = readDeployment(process.env);
  if (made.ROOT_PUBLIC_KEY_X === "") {
    process.stdout.write("Nothing to try yet: the functions start with the root key's setting.\n");
    return 0;
  }
  const isRight = await smokeTest({
    api: made.API_URL,
    token: await operatorToken(made),
    fetch,
    now: () => performance.now(),
    sleep,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  return isRight ? 0 : 1;
}

run().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  },
);
