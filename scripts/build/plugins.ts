import type { Plugin } from "esbuild";

/** Nobody reads the library's sentences in forty languages: our texts are our own. */
export const withoutLocales: Plugin = {
  name: "without-locales",
  setup(build) {
    build.onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      importer.replaceAll("\\", "/").includes("/node_modules/zod/")
        ? { path: "locales", namespace: "left-out" }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "export {}" }));
  },
};

const DECIDED = Symbol("decided");

/**
 * Packages that come both as modules and as CommonJS would be bundled twice, as the bus's library
 * asks for them by `require`; and an error of one copy is no `instanceof` the other's class.
 */
export const oneCopy: Plugin = {
  name: "one-copy",
  setup(build) {
    const filter = /^(@azure\/(core-|abort-controller|logger)|@typespec\/|fast-xml-parser$)/;
    build.onResolve({ filter }, ({ path, kind, importer, resolveDir, pluginData }) =>
      kind === "require-call" && pluginData !== DECIDED
        ? build.resolve(path, {
            kind: "import-statement",
            importer,
            resolveDir,
            pluginData: DECIDED,
          })
        : undefined,
    );
  },
};
