import * as library from "@azure/functions";

/**
 * The library's classes. It is CommonJS: under Node's own module loader they stand on the default
 * export, under a CommonJS transform on the module itself.
 */
export const { HttpRequest } = ("default" in library ? library.default : library) as typeof library;
