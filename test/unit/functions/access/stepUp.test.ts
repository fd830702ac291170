import type { Caller } from "../../../../functions/access/caller.ts";
import { GUARDS } from "../../../../functions/access/guard.ts";
import {
  checkStepUp,
  checkStepUpRoutes,
  type GuardedRoute,
  type StepUpSettings,
} from "../../../../functions/access/stepUp.ts";
import { routes } from "../../../../functions/routes.ts";

const ALWAYS: GuardedRoute = { name: "resetOwnPassword", guard: GUARDS.userStepUp };
const SOMETIMES: GuardedRoute = { name: "adminResetPassword", guard: GUARDS.adminOrAutomation };
const challenge = `Bearer realm="t", authorization_uri="https://login.example/t/oauth2/authorize"`;
const settings: StepUpSettings = { context: "c1", routes: {}, challenge };

const user = (more: Partial<Caller> = {}): Caller => ({
  kind: "user",
  id: "id",
  application: "app",
  scopes: [],
  roles: [],
  ...more,
});
const refusalOf = (route: GuardedRoute, caller: Caller, changes: Partial<StepUpSettings> = {}) => {
  try {
    checkStepUp(route, caller, { ...settings, ...changes });
  } catch (error) {
    return error as { code: string; status: number; headers: Record<string, string> };
  }
  return undefined;
};

test("who has the context passes, whatever else the token has", () => {
  expect(refusalOf(ALWAYS, user({ contexts: ["c9", "c1"] }))).toBeUndefined();
});

test("a client that can is challenged, in the form that Microsoft's clients read", () => {
  const refusal = refusalOf(ALWAYS, user({ capabilities: ["cp1"] }));
  expect(refusal).toMatchObject({ code: "stepUpRequired", status: 401 });
  const header = refusal?.headers["WWW-Authenticate"] ?? "";
  expect(header).toBe(
    `${challenge}, error="insufficient_claims", ` +
      `claims="eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19"`,
  );
  const names = [...header.matchAll(/(\w+)="/g)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each([["cp1"], ["CP1"], ["Cp1"], ["other", "cP1"]])(
  "%s says that it can",
  (...capabilities) => {
    expect(refusalOf(ALWAYS, user({ capabilities }))?.code).toBe("stepUpRequired");
  },
);

test.each([[undefined], [[]], [["cp"]], [["cp11"]], [["cp1 "]]])("%j does not", (capabilities) => {
  const refusal = refusalOf(ALWAYS, user({ capabilities }));
  expect(refusal).toMatchObject({ code: "stepUpNotPossible", status: 403, headers: {} });
});

test.each([[[]], [["C1"]], [["c11"]], [["c2"]], [["p1"]]])(
  "the contexts %j are not c1",
  (contexts) => {
    const refusal = refusalOf(ALWAYS, user({ contexts, capabilities: ["cp1"] }));
    expect(refusal?.code).toBe("stepUpRequired");
  },
);

test("without a context the routes that always ask refuse everybody", () => {
  const strong = user({ contexts: ["c1", "undefined", ""], capabilities: ["cp1"] });
  const refusal = refusalOf(ALWAYS, strong, { context: undefined });
  expect(refusal).toMatchObject({ code: "stepUpNotConfigured", status: 403 });
});

test("other routes ask only where they are named, and each for its own", () => {
  expect(refusalOf(SOMETIMES, user())).toBeUndefined();
  const named = { routes: { adminResetPassword: "c7", resetOwnPassword: "c8" } };
  expect(refusalOf(SOMETIMES, user({ contexts: ["c1"] }), named)?.code).toBe("stepUpNotPossible");
  expect(refusalOf(SOMETIMES, user({ contexts: ["c7"] }), named)).toBeUndefined();
  expect(refusalOf(ALWAYS, user({ contexts: ["c1"] }), named)?.code).toBe("stepUpNotPossible");
  expect(refusalOf(ALWAYS, user({ contexts: ["c8"] }), named)).toBeUndefined();
});

test("a route named after what every object has asks for nothing", () => {
  expect(refusalOf({ ...SOMETIMES, name: "constructor" }, user())).toBeUndefined();
});

test("an application cannot step up: its guard asks for a certificate instead", () => {
  const named = { routes: { adminResetPassword: "c7" } };
  expect(refusalOf(SOMETIMES, { ...user(), kind: "application" }, named)).toBeUndefined();
});

test("a setting that names no route of users is refused at start", () => {
  checkStepUpRoutes({ adminResetPassword: "c2", probe: "c3" }, routes);
  for (const name of ["adminResetPasword", "health", "selfServiceResetPassword", "agentHeartbeat"])
    expect(() => checkStepUpRoutes({ [name]: "c2" }, routes)).toThrow(`STEP_UP_ROUTES: ${name}`);
});
