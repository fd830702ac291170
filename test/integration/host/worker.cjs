/**
 * Stands in for the Functions worker: loads a built app by `require`, with a module named
 * `@azure/functions-core` that exists only there, says what the app registered, and carries out
 * invocations through the programming model that the app's own library brought. Talks to its
 * parent process.
 */
const Module = require("node:module");
const { resolve } = require("node:path");

const registered = new Map();
const hooks = { appStart: [], appTerminate: [] };
let model;

class Disposable {
  dispose() {}
}
const core = {
  Disposable,
  version: "0.0.0",
  registerFunction(metadata, callback) {
    if (registered.has(metadata.name)) throw new Error(`${metadata.name} is registered twice`);
    registered.set(metadata.name, { metadata, callback });
    return new Disposable();
  },
  registerHook(name, callback) {
    hooks[name].push(callback);
    return new Disposable();
  },
  setProgrammingModel(given) {
    model = given;
  },
  log() {},
};
const load = Module._load;
Module._load = (request, ...rest) =>
  request === "@azure/functions-core" ? core : load(request, ...rest);

async function run(name) {
  for (const hook of hooks[name]) await hook({ hookData: {}, appHookData: {} });
}

/** A request that fails as soon as something is read of its body. */
function broken(request, message) {
  const fail = () => {
    throw new TypeError(message);
  };
  return new Proxy(request, {
    get(target, name) {
      if (name === "arrayBuffer" || name === "text" || name === "json") return fail;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function invoke({ name, data, breaksWith }) {
  const { metadata, callback } = registered.get(name);
  const [trigger] = Object.entries(metadata.bindings).find(([, { type }]) =>
    /trigger$/i.test(type),
  );
  const logged = [];
  const invocation = model.getInvocationModel({
    invocationId: crypto.randomUUID(),
    metadata,
    request: { inputData: [{ name: trigger, data }], triggerMetadata: {} },
    state: undefined,
    log: (_level, _category, message) => logged.push(message),
  });
  const { context, inputs } = await invocation.getArguments();
  const given =
    breaksWith === undefined ? inputs : inputs.map((input) => broken(input, breaksWith));
  const result = await invocation.invokeFunction(context, given, callback);
  const { returnValue } = await invocation.getResponse(context, result);
  const http = returnValue?.http;
  const body = http?.body?.bytes;
  return {
    status: Number(http?.statusCode),
    headers: http?.headers ?? {},
    text: body ? Buffer.from(body).toString() : (http?.body?.string ?? ""),
    logged,
  };
}

process.on("message", async ({ id, ...what }) => {
  try {
    process.send({ id, answer: await invoke(what) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.once("SIGTERM", async () => {
  await run("appTerminate");
  process.exit(0);
});

/** The worker goes on where nothing was registered before the error, and gives up otherwise. */
function loadApp(file) {
  try {
    require(resolve(file));
  } catch (error) {
    console.error(`registered before it failed: ${registered.size}`);
    throw error;
  }
}

async function start() {
  loadApp(process.argv[2]);
  const capabilities = await model.getCapabilities({});
  await run("appStart");
  process.send({
    registered: [...registered.values()].map(({ metadata: { name, bindings } }) => ({
      name,
      bindings,
    })),
    hooks: Object.keys(hooks).filter((name) => hooks[name].length > 0),
    capabilities,
    mapped: process.sourceMapsEnabled,
  });
}
start();
