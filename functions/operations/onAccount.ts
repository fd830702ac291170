import { permit } from "../access/permit.ts";
import { rolesInPlay } from "../access/rolesInPlay.ts";
import { askedFor } from "../audit/askedFor.ts";
import type { ApiCall } from "../http/apiCall.ts";
import type { Parts } from "../parts.ts";
import { resolveTarget } from "../people/target.ts";
import type { Intent } from "../writeback/intent.ts";
import { readGround } from "../writeback/liveAgents.ts";
import { findEarlier, repeatedBy, repeatNames } from "../writeback/repeats.ts";
import { type Result, writeBack } from "../writeback/writeBack.ts";

/** An intent before it is known whose account, on which connector. */
export type AccountIntent = Omit<Intent, "target" | "connector">;

/**
 * Finds the person and carries an operation out on their account.
 * @throws ApiError where the person cannot be found, may not be helped, or nothing was sent
 */
export async function onAccount(
  user: string,
  intent: AccountIntent,
  call: ApiCall,
  parts: Parts,
): Promise<Result> {
  const { operation, origin } = intent;
  call.trail.note({ operation, origin, ...askedFor(user) });
  parts.rates.take(call, origin);
  const names = repeatNames(call, `${intent.operation}|${user}`, parts.tenantId);
  const roles = rolesInPlay(user, intent, call, parts);
  const [facts, ground, { settings }, earlier] = await Promise.all([
    parts.findUser(user),
    readGround(parts),
    parts.settings.current(),
    findEarlier(call, names, parts),
  ]);
  call.trail.note({ targetId: facts.id, targetName: facts.userPrincipalName });
  // A repeat executes nothing. What forbids it by now must not read as if it had not been done.
  const isRepeat = repeatedBy(earlier, { operation, target: facts }) !== undefined;
  if (!isRepeat) await permit({ ...intent, facts, settings, call, roles }, parts);
  const { target, connector } = resolveTarget(facts, parts.connectors);
  const forget = () => parts.rules.forget(target.id);
  forget();
  return writeBack({ ...intent, target, connector }, ground, earlier, call, parts).finally(forget);
}
