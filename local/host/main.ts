import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { parseArgs } from "node:util";
import { z } from "zod";
import { readConfiguration } from "../../functions/configuration.ts";
import type { Log, LogFields } from "../../functions/log.ts";
import { buildParts } from "../../functions/parts.ts";
import { hostListener } from "./server.ts";
import { startTimers } from "./timers.ts";

/**
 * Runs the cloud half behind a small host of our own. It is not the Functions host: no triggers
 * but HTTP and the hour, no keys, no built-in authentication, no scaling. Reads the settings that
 * the deployed app reads, from the environment.
 */
if (process.env.WEBSITE_INSTANCE_ID !== undefined || process.env.NODE_ENV === "production") {
  console.error("This host is for one's own machine; deploy with func or azd instead.");
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "7071" },
    /** Port, certificate and key for agents: they send their tokens over HTTPS only. */
    "tls-port": { type: "string" },
    certificate: { type: "string" },
    key: { type: "string" },
  },
});

const write = (level: string, event: string, fields: LogFields): void => {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`,
  );
};
const log: Log = {
  info: (event, fields) => write("info", event, fields),
  error: (event, fields) => write("error", event, fields),
};

const hostFile = z.object({
  extensions: z.object({ http: z.object({ customHeaders: z.record(z.string(), z.string()) }) }),
});
const { customHeaders } = hostFile.parse(
  JSON.parse(readFileSync(new URL("../../host.json", import.meta.url), "utf8")),
).extensions.http;

const { parts, start, stop } = buildParts(readConfiguration(process.env), log);
await start();
startTimers(parts, log);
const listener = hostListener(parts, log, customHeaders);
const servers = [
  createServer({ noDelay: true }, listener).listen(Number(values.port), "127.0.0.1"),
];
if (values["tls-port"] && values.certificate && values.key) {
  const pair = { cert: readFileSync(values.certificate), key: readFileSync(values.key) };
  const tls = createTlsServer({ ...pair, noDelay: true }, listener);
  servers.push(tls.listen(Number(values["tls-port"]), "127.0.0.1"));
}
log.info("hostListening", { port: Number(values.port) });

const end = (): void => {
  for (const server of servers) {
    server.close();
    server.closeIdleConnections();
  }
  stop().finally(() => process.exit(0));
};
process.once("SIGTERM", end);
process.once("SIGINT", end);
