import { existsSync } from "node:fs";
import { keepInAzd } from "../../operator/azdEnvironment.ts";
import { readProfile } from "../../operator/profile.ts";
import { profileFileOf, readEnvironment } from "./deployment.ts";
import { keepRootKey } from "./keepRootKey.ts";
import { runHook } from "./runHook.ts";
import { healthFault } from "./smokeTest.ts";

runHook(async () => {
  const environment = readEnvironment(process.env);
  const file = profileFileOf(environment);
  await keepRootKey({
    environment,
    pinned: existsSync(file) ? (await readProfile(file)).rootKey : undefined,
    isRunning: async () => (await healthFault({ api: environment.API_URL, fetch })) === undefined,
    keep: keepInAzd,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  return 0;
});
