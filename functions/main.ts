import { app, type InvocationContext } from "@azure/functions";
import { readConfiguration } from "./configuration.ts";
import { serve } from "./http/serve.ts";
import type { Log, LogFields } from "./log.ts";
import { buildParts } from "./parts.ts";
import { routes } from "./routes.ts";

const line = (event: string, fields: LogFields): string => JSON.stringify({ event, ...fields });

const hostLog = (context: InvocationContext): Log => ({
  info: (event, fields) => context.info(line(event, fields)),
  error: (event, fields) => context.error(line(event, fields)),
});

const instanceLog: Log = {
  info: (event, fields) => console.info(line(event, fields)),
  error: (event, fields) => console.error(line(event, fields)),
};

const { parts, start, stop } = buildParts(readConfiguration(process.env), instanceLog);

for (const route of routes) {
  app.http(route.name, {
    methods: [route.method],
    authLevel: "anonymous",
    route: route.route,
    handler: (request, context) => serve(route, request, parts, hostLog(context)),
  });
}

app.hook.appStart(() => {
  start().catch((error: unknown) =>
    instanceLog.error("startIncomplete", { cause: (error as Error).name }),
  );
});
app.hook.appTerminate(() => stop());
