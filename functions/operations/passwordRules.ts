import type { HttpResponseInit } from "@azure/functions";
import type { PasswordRules } from "@password-writeback/protocol/passwordRules.ts";
import type { Origin } from "@password-writeback/protocol/request.ts";
import { characterClass } from "@password-writeback/protocol/violation.ts";
import { z } from "zod";
import { permit } from "../access/permit.ts";
import { rolesInPlay } from "../access/rolesInPlay.ts";
import type { ApiCall, Handler } from "../http/apiCall.ts";
import { readBody } from "../http/body.ts";
import type { Parts } from "../parts.ts";
import { resolveTarget } from "../people/target.ts";
import { userId } from "../people/userFacts.ts";
import { askRules } from "../writeback/askRules.ts";
import { readGround } from "../writeback/liveAgents.ts";

const body = z.strictObject({ user: userId });

/** `GET /v1.0/me/passwordRules`: what the caller's next password must be. */
export const ownPasswordRules: Handler = (call, parts) =>
  answer(call.caller.id, "self", call, parts);

/**
 * `POST /v1.0/selfService/passwordRules`: the same for whoever the portal serves. It asks before
 * anybody types a password; a name in the address would end up in logs.
 */
export const selfServicePasswordRules: Handler = async (call, parts) => {
  const { user } = await readBody(call.request, body);
  return answer(user, "portal", call, parts);
};

/** `GET /v1.0/users/{id}/passwordRules`: the same for an administrator. */
export const userPasswordRules: Handler = (call, parts) =>
  answer(call.request.params.id ?? "", "admin", call, parts);

/** @throws ApiError as for the operation that would follow */
async function answer(
  user: string,
  origin: Origin,
  call: ApiCall,
  parts: Parts,
): Promise<HttpResponseInit> {
  parts.rates.take(call, origin);
  const deed = { operation: "passwordRules", origin } as const;
  const roles = rolesInPlay(user, deed, call, parts);
  const [facts, ground, { settings }] = await Promise.all([
    parts.findUser(user),
    readGround(parts),
    parts.settings.current(),
  ]);
  call.trail.note({ targetId: facts.id, targetName: facts.userPrincipalName });
  await permit({ ...deed, facts, settings, call, roles }, parts);
  const resolved = resolveTarget(facts, parts.connectors);
  const rules = await askRules(resolved, origin, ground, call, parts);
  return { status: 200, headers: { "Cache-Control": "no-store" }, jsonBody: rulesBody(rules) };
}

const REQUIRED_CLASSES = 3;

/** Every member is there; null is unknown (`docs/passwordRules.md`). */
const rulesBody = (rules: PasswordRules) => ({
  minimumLength: rules.minimumLength ?? null,
  complexity: complexityBody(rules),
  historyLength: rules.historyLength ?? null,
  minimumAgeSeconds: rules.minimumAgeSeconds ?? null,
  changeAllowedFrom: rules.changeAllowedFrom ?? null,
  resetAllowed: rules.resetAllowed ?? null,
  enforcedOnReset: rules.enforcedOnReset ?? null,
  locked: rules.locked ?? null,
  passwordFilter: rules.passwordFilter ? { helpText: rules.passwordFilter.helpText ?? null } : null,
});

function complexityBody({ complexity, namesRefused }: PasswordRules) {
  if (complexity === undefined) return null;
  return {
    minimumClasses: complexity ? REQUIRED_CLASSES : 0,
    classes: complexity ? characterClass.options : [],
    namesRefused: namesRefused ?? null,
  };
}
