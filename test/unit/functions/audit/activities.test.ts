import { ACTIVITIES, activityOf } from "../../../../functions/audit/activity.ts";
import { routes } from "../../../../functions/routes.ts";
import { operationName, origin } from "../../../../protocol/request.ts";

/** Questions that are asked with POST, and what agents tell of themselves. */
const NOT_RECORDED = ["selfServicePasswordRules", "agentHeartbeat", "agentOutcomes"];

test("every route that does something has an activity, and no other", () => {
  const without = routes.filter(({ activity }) => activity === undefined);
  const doing = without.filter(({ method }) => method !== "GET").map(({ name }) => name);
  expect(doing.sort()).toEqual([...NOT_RECORDED].sort());
  const asking = routes.filter(({ method, activity }) => method === "GET" && activity);
  expect(asking.map(({ name }) => name)).toEqual([]);
});

test("no two activities have one name", () => {
  const names = Object.values(ACTIVITIES).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test("an operation that is known by its record alone has the activity of its route", () => {
  const known: readonly (readonly [
    string,
    Parameters<typeof activityOf>[0],
    ...Parameters<typeof activityOf>[1][],
  ])[] = [
    ["changeOwnPassword", "change", "self"],
    ["resetOwnPassword", "reset", "self"],
    ["unlockOwnAccount", "unlock", "self"],
    ["selfServiceChangePassword", "change", "portal"],
    ["selfServiceResetPassword", "reset", "portal"],
    ["selfServiceUnlockAccount", "unlock", "portal"],
    ["adminResetPassword", "reset", "admin", "automation"],
    ["adminUnlockAccount", "unlock", "admin", "automation"],
    ["requirePasswordChange", "requireChange", "admin", "automation"],
    ["probe", "probe", "operator"],
  ];
  for (const [name, operation, ...origins] of known)
    for (const each of origins)
      expect([name, each, activityOf(operation, each)]).toEqual([
        ...[name, each, routes.find((route) => route.name === name)?.activity],
      ]);
});

test("an operation that no route begins has a name all the same", () => {
  for (const operation of operationName.options)
    for (const each of origin.options)
      expect(activityOf(operation, each).name).toMatch(/^[A-Za-z]/);
});
