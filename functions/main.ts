import { app, type InvocationContext } from "@azure/functions";
import { readConfiguration } from "./configuration.ts";
import { serve } from "./http/serve.ts";
import type { Log, LogFields } from "./log.ts";
import { buildParts, type RunningParts } from "./parts.ts";
import { routes } from "./routes.ts";
import { SettingsError } from "./settings/settingsError.ts";
import { timers } from "./timers.ts";

const line = (event: string, fields: LogFields): string => JSON.stringify({ event, ...fields });

const hostLog = (context: InvocationContext): Log => ({
  info: (event, fields) => context.info(line(event, fields)),
  error: (event, fields) => context.error(line(event, fields)),
});

const instanceLog: Log = {
  info: (event, fields) => console.info(line(event, fields)),
  error: (event, fields) => console.error(line(event, fields)),
};

/**
 * Says what is wrong with the settings, too: the worker's own complaint about an entry point that
 * throws is a record of the platform, which Application Insights never gets to see.
 */
function build(): RunningParts {
  try {
    return buildParts(readConfiguration(process.env), instanceLog);
  } catch (error) {
    const reason = error instanceof SettingsError ? error.message : undefined;
    instanceLog.error("settingsRefused", { cause: (error as Error).name, reason });
    throw error;
  }
}

const { parts, start, stop } = build();

for (const route of routes) {
  app.http(route.name, {
    methods: [route.method],
    authLevel: "anonymous",
    route: route.route,
    handler: (request, context) => serve(route, request, parts, hostLog(context)),
  });
}

for (const { name, minute, run } of timers) {
  app.timer(name, {
    schedule: `0 ${minute} * * * *`,
    handler: (_timer, context) => run(parts, hostLog(context)),
  });
}

/** Roles granted a minute ago may not hold yet, so what failed is tried again. */
const RETRY_MS = 10_000;

async function startUntilDone(): Promise<void> {
  try {
    await start();
  } catch (error) {
    instanceLog.error("startIncomplete", { cause: (error as Error).name });
    setTimeout(startUntilDone, RETRY_MS).unref();
  }
}

app.hook.appStart(() => void startUntilDone());
app.hook.appTerminate(() => stop());
