import type { Caller } from "../../../../functions/access/caller.ts";
import {
  checkGuard,
  GUARDS,
  type Guard,
  type GuardSettings,
} from "../../../../functions/access/guard.ts";
import { GRAPH_PERMISSIONS, ROLES, SCOPES } from "../../../../functions/access/permissions.ts";
import { ApiError } from "../../../../functions/http/apiError.ts";

const LISTED = "7d3c2f10-0000-4000-8000-00000000b005";

const user = (
  scopes: readonly string[] = [],
  roles: readonly string[] = [],
  more: Partial<Caller> = {},
): Caller => ({
  kind: "user",
  id: "id",
  application: LISTED,
  scopes,
  roles,
  clientProof: "0",
  ...more,
});
const application = (roles: readonly string[] = [], more: Partial<Caller> = {}): Caller => ({
  ...user([], roles, { clientProof: "2" }),
  kind: "application",
  ...more,
});
const everyScope = [...Object.values(SCOPES), ...GRAPH_PERMISSIONS.self];
const everyRole = Object.values(ROLES);

const CALLERS: Readonly<Record<string, Caller>> = {
  nobodySpecial: user(),
  person: user([SCOPES.self]),
  graphPerson: user([GRAPH_PERMISSIONS.self[0]]),
  administrator: user([SCOPES.admin], [ROLES.administrator]),
  administratorWithoutRole: user([SCOPES.admin]),
  roleWithoutScope: user([SCOPES.self], [ROLES.administrator, ROLES.operator]),
  operator: user([SCOPES.operate], [ROLES.operator]),
  graphAuditor: user([...GRAPH_PERMISSIONS.audit], [ROLES.operator]),
  graphAuditorWithoutRole: user([...GRAPH_PERMISSIONS.audit]),
  scopeOfAnotherCase: user([SCOPES.self.toLowerCase()], [ROLES.operator.toLowerCase()]),
  scopeWithMore: user([`${SCOPES.self}.All`, `x${SCOPES.operate}`], [ROLES.operator]),
  everyScope: user(everyScope, everyRole),
  everyScopeByAStranger: user(everyScope, everyRole, { application: "stranger" }),
  portal: application([ROLES.portal]),
  portalBySecret: application([ROLES.portal], { clientProof: "1" }),
  agent: application([ROLES.agent]),
  agentNotListed: application([ROLES.agent], { application: "stranger" }),
  agentBySecret: application([ROLES.agent], { clientProof: "1" }),
  automation: application([ROLES.automation]),
  operatorApplication: application([ROLES.operator]),
  everyRole: application(everyRole),
  everyRoleWithoutProof: application(everyRole, { clientProof: undefined }),
  everyRoleAndScope: application(everyRole, { scopes: everyScope, clientProof: "0" }),
  everyRoleByAStranger: application(everyRole, { application: "stranger" }),
  applicationWithoutRole: application(),
};

const STRICT: GuardSettings = {
  allowedClients: new Set([LISTED]),
  acceptGraphPermissions: false,
  portalMayUseSecret: false,
};

type Name = Exclude<keyof typeof GUARDS, "anyone">;

/** Who passes which guard; whoever is not named is refused. */
const PASSES: Readonly<Record<Name, readonly string[]>> = {
  user: ["person", "roleWithoutScope", "everyScope"],
  userStepUp: ["person", "roleWithoutScope", "everyScope"],
  portal: ["portal", "everyRole"],
  admin: ["administrator", "everyScope"],
  adminOrAutomation: ["administrator", "automation", "everyRole", "everyScope"],
  operator: ["operator", "operatorApplication", "everyRole", "everyScope"],
  auditReader: ["operator", "operatorApplication", "everyRole", "everyScope"],
  agent: ["agent", "agentNotListed", "everyRole", "everyRoleByAStranger"],
};

/** Who passes as well where the settings are as lenient as they can be. */
const PASSES_LENIENT: Partial<Readonly<Record<Name, readonly string[]>>> = {
  user: ["graphPerson"],
  auditReader: ["graphAuditor"],
  portal: ["portalBySecret"],
};

const passing = (guard: Guard, settings: GuardSettings): string[] =>
  Object.keys(CALLERS).filter((who) => {
    try {
      checkGuard(guard, CALLERS[who] as Caller, settings);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({
        code: "accessDenied",
        headers: {
          "WWW-Authenticate": expect.stringMatching(/^Bearer error="insufficient_scope"/),
        },
      });
      return false;
    }
  });

test.each(Object.keys(PASSES) as Name[])("guard %s lets pass whom it names", (name) => {
  expect(passing(GUARDS[name], STRICT).sort()).toEqual([...PASSES[name]].sort());
});

test.each(Object.keys(PASSES) as Name[])("guard %s, as lenient as it may be", (name) => {
  const lenient = { ...STRICT, acceptGraphPermissions: true, portalMayUseSecret: true };
  const expected = [...PASSES[name], ...(PASSES_LENIENT[name] ?? [])];
  expect(passing(GUARDS[name], lenient).sort()).toEqual(expected.sort());
});

test.each<[keyof typeof CALLERS, Name, string]>([
  ["portal", "user", "kind"],
  ["nobodySpecial", "user", "scope"],
  ["administratorWithoutRole", "admin", "role"],
  ["everyScopeByAStranger", "admin", "client"],
  ["portalBySecret", "portal", "clientProof"],
  ["applicationWithoutRole", "operator", "role"],
])("the log says why %s does not pass %s: %s", (who, name, reason) => {
  const check = () => checkGuard(GUARDS[name], CALLERS[who] as Caller, STRICT);
  expect(check).toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ code: reason }) }),
  );
});

test("anyone passes where anyone may", () => {
  expect(passing(GUARDS.anyone, STRICT)).toEqual(Object.keys(CALLERS));
});
