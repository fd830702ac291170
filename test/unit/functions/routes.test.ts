import { GUARDS } from "../../../functions/access/guard.ts";
import { routes } from "../../../functions/routes.ts";

const segments = (route: string): string[] => route.toLowerCase().split("/");
/** Whether one address could be taken for either route. */
const overlap = (a: string, b: string): boolean => {
  const [left, right] = [segments(a), segments(b)];
  if (left.length !== right.length) return false;
  return left.every((each, at) => {
    const other = right[at] ?? "";
    return each === other || each.startsWith("{") || other.startsWith("{");
  });
};
const parametersOf = (route: string): string[] =>
  [...route.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

test("no two routes of one method can be taken for each other", () => {
  for (const [at, a] of routes.entries())
    for (const b of routes.slice(at + 1))
      if (a.method === b.method)
        expect([a.name, b.name, overlap(a.route, b.route)]).toContain(false);
});

test.each(routes.map((route) => [route.name, route] as const))("%s", (name, route) => {
  const parameters = parametersOf(route.route);
  expect(new Set(parameters).size).toBe(parameters.length);
  expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  expect(route.route).toMatch(/^(health|v1\.0\/[^/].*[^/])$/);
  expect(Object.values(GUARDS)).toContain(route.guard);
});

test("names are unique, and only health is open to anyone", () => {
  expect(new Set(routes.map(({ name }) => name.toLowerCase())).size).toBe(routes.length);
  const open = routes.filter(({ guard }) => guard.callers === "anyone").map(({ name }) => name);
  expect(open).toEqual(["health"]);
});

test("the admin route is Microsoft Graph's", () => {
  const graphs =
    "v1.0/users/{id}/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword";
  expect(routes.find(({ route }) => route === graphs)?.guard).toBe(GUARDS.adminOrAutomation);
});
