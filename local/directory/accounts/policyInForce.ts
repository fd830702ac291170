import type { Domain } from "../domain/domain.ts";
import type { Entry } from "../store/entry.ts";
import { type PasswordPolicy, policyOf, settingsOf } from "./passwordPolicy.ts";
import { resultantSettings } from "./resultantSettings.ts";

/** The rules that govern one account: those of its password settings object, or the domain's. */
export function policyInForce(domain: Domain, user: Entry): PasswordPolicy {
  const settings = resultantSettings(domain, user);
  return settings ? settingsOf(settings) : policyOf(domain.head);
}
