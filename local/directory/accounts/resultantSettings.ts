import type { Domain } from "../domain/domain.ts";
import { dnKey, InvalidName, parseDn } from "../names/distinguishedName.ts";
import type { Entry } from "../store/entry.ts";
import { controlOf } from "./accountState.ts";
import { globalGroups } from "./membership.ts";
import { UAC } from "./userAccountControl.ts";

const CONTAINER = "CN=Password Settings Container,CN=System";

/**
 * The password settings object in force for a user (`msDS-ResultantPSO`, MS-ADTS 3.1.1.4.5.36):
 * of those that name the user, or else of those that name one of the user's global security groups,
 * the one of lowest precedence, then of smallest GUID. Undefined: the domain's policy holds.
 */
export function resultantSettings(domain: Domain, user: Entry): Entry | undefined {
  if (!(controlOf(user) & UAC.normalAccount)) return undefined;
  const container = entryNamed(domain, `${CONTAINER},${domain.head.dn}`);
  const settings = [...(container?.children.values() ?? [])];
  if (settings.length === 0) return undefined;
  const applied = settings.map((each) => ({ each, to: appliesTo(domain, each) }));
  const direct = applied.filter(({ to }) => to.includes(user));
  if (direct.length > 0) return first(direct.map(({ each }) => each));
  const groups = globalGroups(domain.store, user);
  return first(
    applied.filter(({ to }) => to.some((group) => groups.has(group))).map(({ each }) => each),
  );
}

const precedence = (settings: Entry): bigint => settings.integer("msds-passwordsettingsprecedence");

function first(settings: Entry[]): Entry | undefined {
  return settings.toSorted((a, b) => {
    const [left, right] = [precedence(a), precedence(b)];
    if (left !== right) return left < right ? -1 : 1;
    return a.guid.compare(b.guid);
  })[0];
}

const appliesTo = (domain: Domain, settings: Entry): Entry[] =>
  (settings.attributes.get("msds-psoappliesto") ?? []).flatMap(
    (value) => entryNamed(domain, value.toString("utf8")) ?? [],
  );

function entryNamed({ store }: Domain, dn: string): Entry | undefined {
  try {
    return store.findByKey(dnKey(parseDn(dn)));
  } catch (error) {
    if (error instanceof InvalidName) return undefined;
    throw error;
  }
}
