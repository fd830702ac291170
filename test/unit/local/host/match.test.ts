import { routes } from "../../../../functions/routes.ts";
import { matcher } from "../../../../local/host/match.ts";

const match = matcher(routes);

describe("route matching as the Functions host does it", () => {
  it.each([
    ["GET", "/health", "health", {}],
    ["POST", "/v1.0/me/changePassword", "changeOwnPassword", {}],
    ["POST", "/V1.0/ME/CHANGEPASSWORD", "changeOwnPassword", {}],
    ["GET", "/v1.0/me/operations/abc", "ownOperation", { operationId: "abc" }],
    [
      "POST",
      "/v1.0/users/sam%40corp.example/unlockAccount",
      "adminUnlockAccount",
      {
        id: "sam@corp.example",
      },
    ],
    ["POST", "/v1.0/users/%zz/unlockAccount", "adminUnlockAccount", { id: "%zz" }],
  ])("%s %s", (method, path, name, params) => {
    const found = match(method, path);
    expect(found?.route.name).toBe(name);
    expect(found?.params).toEqual(params);
  });

  it.each([
    ["POST", "/health"],
    ["GET", "/v1.0/me/changePassword"],
    ["POST", "/v1.0/me/changePassword/more"],
    ["POST", "/v1X0/me/changePassword"],
    ["POST", "/v1.0/users//unlockAccount"],
  ])("%s %s is no route", (method, path) => {
    expect(match(method, path)).toBeUndefined();
  });

  it("has no two routes that match the same call, and no parameter twice in one", () => {
    for (const { route, method, name } of routes) {
      const parameters = [...route.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      expect(new Set(parameters).size).toBe(parameters.length);
      const path = `/${route.replace(/\{\w+\}/g, "x")}`;
      const rest = matcher(routes.filter((other) => other.name !== name));
      expect(rest(method, path)).toBeUndefined();
    }
  });
});
