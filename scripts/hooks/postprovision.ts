import { readDeployment } from "./deployment.ts";
import { leftToDo } from "./leftToDo.ts";

try {
  process.stdout.write(`\n${leftToDo(readDeployment(process.env))}`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
