import type { Caller } from "../../../../functions/access/caller.ts";
import { checkGuard, GUARDS, type Guard } from "../../../../functions/access/guard.ts";
import { ROLES, SCOPES } from "../../../../functions/access/permissions.ts";
import { ApiError } from "../../../../functions/http/apiError.ts";

const caller = (
  kind: Caller["kind"],
  scopes: readonly string[] = [],
  roles: readonly string[] = [],
  clientProof: Caller["clientProof"] = kind === "user" ? "0" : "2",
): Caller => ({ kind, id: "id", application: "app", scopes, roles, clientProof });

const CALLERS: Readonly<Record<string, Caller>> = {
  nobodySpecial: caller("user"),
  person: caller("user", [SCOPES.self]),
  administrator: caller("user", [SCOPES.admin], [ROLES.administrator]),
  administratorWithoutRole: caller("user", [SCOPES.admin]),
  roleWithoutScope: caller("user", [SCOPES.self], [ROLES.administrator, ROLES.operator]),
  operator: caller("user", [SCOPES.operate], [ROLES.operator]),
  scopeOfAnotherCase: caller("user", [SCOPES.self.toLowerCase()], [ROLES.operator.toLowerCase()]),
  scopeWithMore: caller("user", [`${SCOPES.self}.All`, `x${SCOPES.operate}`], [ROLES.operator]),
  portal: caller("application", [], [ROLES.portal]),
  agent: caller("application", [], [ROLES.agent]),
  automation: caller("application", [], [ROLES.automation]),
  operatorApplication: caller("application", [], [ROLES.operator]),
  everyRole: caller("application", [], Object.values(ROLES)),
  everyRoleBySecret: caller("application", [], Object.values(ROLES), "1"),
  everyScope: caller("user", Object.values(SCOPES), Object.values(ROLES)),
  applicationWithoutRole: caller("application"),
};

/** Who passes which guard; whoever is not named is refused. */
const PASSES: Readonly<Record<Exclude<keyof typeof GUARDS, "anyone">, readonly string[]>> = {
  user: ["person", "roleWithoutScope", "everyScope"],
  userStepUp: ["person", "roleWithoutScope", "everyScope"],
  portal: ["portal", "everyRole"],
  admin: ["administrator", "everyScope"],
  adminOrAutomation: ["administrator", "automation", "everyRole", "everyScope"],
  operator: ["operator", "operatorApplication", "everyRole", "everyScope"],
  agent: ["agent", "everyRole"],
};

const refusalOf = (guard: Guard, who: Caller): unknown => {
  try {
    checkGuard(guard, who);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe.each(Object.entries(PASSES))("guard %s", (name, passes) => {
  const guard: Guard = GUARDS[name as keyof typeof PASSES];
  test.each(Object.keys(CALLERS))("%s", (who) => {
    const error = refusalOf(guard, CALLERS[who] as Caller);
    if (passes.includes(who)) expect(error).toBeUndefined();
    else {
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({
        code: "accessDenied",
        headers: {
          "WWW-Authenticate": expect.stringMatching(/^Bearer error="insufficient_scope"/),
        },
      });
    }
  });
});
