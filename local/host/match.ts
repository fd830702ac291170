import type { Route } from "../../functions/http/apiCall.ts";

/** What of a route decides which calls are for it. */
type Matched = Pick<Route, "name" | "route"> & { readonly method: string };

interface Compiled<R extends Matched> {
  readonly route: R;
  readonly pattern: RegExp;
}

/** A route and the values of its parameters. */
export interface Match<R extends Matched> {
  readonly route: R;
  readonly params: Record<string, string>;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const compile = <R extends Matched>(route: R): Compiled<R> => {
  const segments = route.route.split("/").map((segment) => {
    const parameter = /^\{(\w+)\}$/.exec(segment)?.[1];
    return parameter === undefined ? literal(segment) : `(?<${parameter}>[^/]+)`;
  });
  return { route, pattern: new RegExp(`^/${segments.join("/")}/?$`, "i") };
};

/**
 * Finds the route of a call as the Functions host does: functions in the order of their names,
 * the first match wins, a wrong method is no match.
 */
export function matcher<R extends Matched>(
  routes: readonly R[],
): (method: string, path: string) => Match<R> | undefined {
  const compiled = [...routes]
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map(compile);
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found) return { route, params: decoded(found.groups ?? {}) };
    }
    return undefined;
  };
}

/** A value that is no valid percent-encoding stays as it came. */
function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        return [name, value];
      }
    }),
  );
}
