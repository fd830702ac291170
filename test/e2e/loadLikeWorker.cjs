/**
 * Loads a built app as the Functions worker does: by `require`, with a module named
 * `@azure/functions-core` that exists only there. Prints what the app registered.
 */
const Module = require("node:module");
const { resolve } = require("node:path");

const registered = [];
const hooks = [];
class Disposable {
  dispose() {}
}
const core = {
  Disposable,
  version: "0.0.0",
  registerFunction(metadata) {
    registered.push({ name: metadata.name, bindings: metadata.bindings });
    return new Disposable();
  },
  registerHook(name) {
    hooks.push(name);
    return new Disposable();
  },
  setProgrammingModel() {},
  log() {},
};
const load = Module._load;
Module._load = (request, ...rest) =>
  request === "@azure/functions-core" ? core : load(request, ...rest);

require(resolve(process.argv[2]));
process.stdout.write(JSON.stringify({ registered, hooks, mapped: process.sourceMapsEnabled }));
