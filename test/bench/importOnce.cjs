/**
 * Loads an app once, in a process of its own, as the Functions worker does: by `require`, with a
 * module named `@azure/functions-core`. Prints how many milliseconds that took.
 */
const Module = require("node:module");

const nothing = () => ({ dispose() {} });
const core = {
  registerFunction: nothing,
  registerHook: nothing,
  setProgrammingModel() {},
  log() {},
};
const load = Module._load;
Module._load = (request, ...rest) =>
  request === "@azure/functions-core" ? core : load(request, ...rest);

const begun = performance.now();
require(process.argv[2]);
process.stdout.write(String(performance.now() - begun));
process.exit(0);
