import type { Parts } from "../../../functions/parts.ts";

/** Parts of which only the given ones may be used: reading any other fails the test. */
export const partsWith = (given: Partial<Parts>): Parts =>
  new Proxy(given as Parts, {
    get: (parts, name) => {
      if (!Object.hasOwn(parts, name)) throw new Error(`this test has no ${String(name)}`);
      return parts[name as keyof Parts];
    },
  });
