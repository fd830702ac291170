import { Agent } from "../agent.ts";
import { readConfiguration } from "../configuration.ts";
import { jsonLog } from "../log.ts";

/** Milliseconds after a signal at which the process ends, come what may. */
const LAST_MS = 9_800;

/**
 * `run --config FILE`: runs the agent until SIGTERM or SIGINT.
 * @throws ConfigurationError
 */
export async function run(configFile: string): Promise<number> {
  // A log collector that has gone away is no reason to stop.
  process.stdout.on("error", () => {});
  const log = jsonLog((line) => process.stdout.write(line));
  const configuration = await readConfiguration(configFile, (members) =>
    log("configurationOutdated", { members: members.join(", ") }),
  );
  process.on("unhandledRejection", () => log("unexpected"));
  const signalled = signal();
  const agent = await Agent.start(configuration, log);
  await signalled;
  setTimeout(() => process.exit(0), LAST_MS).unref();
  await agent.stop();
  return 0;
}

const signal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => resolve());
  });
