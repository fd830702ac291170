import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import Module, { createRequire } from "node:module";
import { matcher } from "../../../local/host/match.ts";

/**
 * Serves a bundle of the functions over HTTP, by the programming model that it brought itself.
 * Arguments: the bundle and the port.
 */

interface Binding {
  readonly type: string;
  readonly route?: string;
  readonly methods?: readonly string[];
}
interface Registered {
  readonly metadata: { readonly name: string; readonly bindings: Record<string, Binding> };
  readonly callback: unknown;
}
interface HttpData {
  readonly statusCode: string | number;
  readonly headers?: Record<string, string>;
  readonly body?: { readonly bytes?: Uint8Array; readonly string?: string };
}
interface Invocation {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: unknown): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: { http?: HttpData } }>;
}
interface Model {
  getInvocationModel(context: unknown): Invocation;
}
type Hook = (context: unknown) => unknown;

const registered: Registered[] = [];
const hooks: Record<string, Hook[]> = { appStart: [], appTerminate: [] };
let model: Model | undefined;
class Disposable {
  dispose(): void {}
}
const core = {
  Disposable,
  version: "0.0.0",
  registerFunction(metadata: Registered["metadata"], callback: unknown) {
    registered.push({ metadata, callback });
    return new Disposable();
  },
  registerHook(name: string, hook: Hook) {
    hooks[name]?.push(hook);
    return new Disposable();
  },
  setProgrammingModel(given: Model) {
    model = given;
  },
  log() {},
};
type Load = (request: string, ...rest: unknown[]) => unknown;
const loader = Module as unknown as { _load: Load };
const load = loader._load;
loader._load = (request, ...rest) =>
  request === "@azure/functions-core" ? core : load(request, ...rest);

createRequire(import.meta.url)(process.argv[2] ?? "");
const run = (name: string): Promise<unknown> =>
  Promise.all((hooks[name] ?? []).map((hook) => hook({ hookData: {}, appHookData: {} })));
await run("appStart");

const match = matcher(
  registered.flatMap((each) =>
    Object.entries(each.metadata.bindings).flatMap(
      ([trigger, { type, route = "", methods = [] }]) =>
        type === "httpTrigger"
          ? methods.map((method) => ({ ...each, name: each.metadata.name, trigger, route, method }))
          : [],
    ),
  ),
);

async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  const found = match(incoming.method ?? "", url.pathname);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  if (!found || !model) {
    outgoing.writeHead(404).end();
    return;
  }
  const { metadata, callback, trigger, method } = found.route;
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  const body = Buffer.concat(chunks);
  const http = {
    ...{ method, url: url.href, params: found.params, headers },
    ...(body.length > 0 && { body: { bytes: body } }),
  };
  const invocation = model.getInvocationModel({
    invocationId: randomUUID(),
    metadata,
    request: { inputData: [{ name: trigger, data: { http } }], triggerMetadata: {} },
    state: undefined,
    log: (_level: string, _category: string, line: string) => process.stdout.write(`${line}\n`),
  });
  const { context, inputs } = await invocation.getArguments();
  const result = await invocation.invokeFunction(context, inputs, callback);
  const answer = (await invocation.getResponse(context, result)).returnValue?.http;
  outgoing.writeHead(Number(answer?.statusCode ?? 200), answer?.headers);
  outgoing.end(answer?.body?.bytes ?? answer?.body?.string);
}

createServer((incoming, outgoing) => {
  handle(incoming, outgoing).catch(() => outgoing.writeHead(500).end());
}).listen(Number(process.argv[3]), "127.0.0.1");
process.once("SIGTERM", () => {
  run("appTerminate").finally(() => process.exit(0));
});
