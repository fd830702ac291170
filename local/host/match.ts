import type { Route } from "../../functions/http/apiCall.ts";

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

/** A route and the values of its parameters. */
export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const compile = (route: Route): Compiled => {
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
export function matcher(
  routes: readonly Route[],
): (method: string, path: string) => Match | undefined {
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
