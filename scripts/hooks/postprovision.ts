import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { readIfThere, replaceFile } from "../../workstation/files.ts";
import { profileFileOf, readDeployment } from "./deployment.ts";
import { leftToDo } from "./leftToDo.ts";
import { profileText } from "./profileText.ts";
import { runHook } from "./runHook.ts";

runHook(async () => {
  const made = readDeployment(process.env);
  const file = profileFileOf(made);
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, profileText(made, await readIfThere(file, "profile")));
  process.stdout.write(`\nThe operator's profile: ${file}\n\n${leftToDo(made)}`);
  return 0;
});
