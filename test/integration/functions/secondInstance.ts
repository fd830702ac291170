import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readConfiguration } from "../../../functions/configuration.ts";
import type { Log, LogFields } from "../../../functions/log.ts";
import { buildParts, type RunningParts } from "../../../functions/parts.ts";
import { hostListener } from "../../../local/host/server.ts";
import type { Cloud } from "./cloud.ts";

/** Another instance of the cloud half, with the same peers. */
export interface SecondInstance {
  readonly url: string;
  readonly running: RunningParts;
  readonly logged: (LogFields & { readonly event: string })[];
  stop(): Promise<void>;
}

/** @param changes to the settings of the first one */
export async function startSecondInstance(
  { settings }: Cloud,
  changes: Record<string, string> = {},
): Promise<SecondInstance> {
  const logged: SecondInstance["logged"] = [];
  const write = (event: string, fields: LogFields) => void logged.push({ event, ...fields });
  const log: Log = { info: write, error: write };
  const wait = { TOTAL_WAIT_SECONDS: "2", WRITE_START_SECONDS: "1" };
  const running = buildParts(readConfiguration({ ...settings, ...wait, ...changes }), log);
  await running.start();
  const server = createServer(hostListener(running.parts, log, {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    running,
    logged,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, running.stop()]);
    },
  };
}
