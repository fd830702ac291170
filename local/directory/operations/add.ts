import type { Identity } from "../accounts/identity.ts";
import {
  accessDenied,
  invalidValue,
  unknownAttribute,
  unwilling,
  updateFailure,
} from "../diagnostics.ts";
import type { Domain } from "../domain/domain.ts";
import { isPrincipal, newEntry } from "../domain/newEntry.ts";
import { CODE } from "../failure.ts";
import { Draft } from "../modify/draft.ts";
import { changedValues, plainAttribute } from "../modify/plainAttribute.ts";
import { judgingOrder, ruleOf } from "../modify/rules.ts";
import { dnKey, formatDn, type Rdn } from "../names/distinguishedName.ts";
import { parseName, resolve } from "../names/resolve.ts";
import { attributeKey, attributeType } from "../schema/attributes.ts";
import { structuralClass } from "../schema/classes.ts";
import type { Attributes, Entry } from "../store/entry.ts";
import type { AddRequest, NamedValues } from "../wire/request.ts";

interface Given {
  readonly classes: readonly string[];
  /** Attributes that are stored as they come. */
  readonly plain: Attributes;
  /** Attributes with a rule of their own, which judges them as in a modify. */
  readonly ruled: ReadonlyMap<string, readonly Buffer[]>;
}

function sort(attributes: readonly NamedValues[], rdn: Rdn): Given {
  const plain: Attributes = new Map();
  const ruled = new Map<string, readonly Buffer[]>();
  let classes: string[] = [];
  for (const { name, values } of attributes) {
    const key = attributeKey(name);
    const type = attributeType(key);
    if (!type) throw unknownAttribute();
    if (values.length === 0) throw invalidValue();
    if (key === "objectclass") classes = values.map((value) => value.toString("utf8"));
    else if (ruleOf(key) !== plainAttribute) ruled.set(key, values);
    else if (key !== rdn.type.toLowerCase()) {
      if (type.nature !== "normal") throw unwilling("00002077");
      plain.set(key, changedValues(type, [], { kind: "replace", name, values }));
    }
  }
  return { classes, plain, ruled };
}

/**
 * Adds an object; only administrators may. Passwords of new accounts follow the rules of a reset.
 *
 * @throws LdapFailure
 */
export function add(domain: Domain, identity: Identity, request: AddRequest): Entry {
  const { store } = domain;
  const [rdn, ...above] = parseName(request.dn);
  if (!rdn) throw updateFailure(CODE.namingViolation, "00002099", 6001);
  const parent = resolve(store, formatDn(above));
  if (!identity.isAdministrator) throw accessDenied("00000005");
  if (store.findByKey(dnKey([rdn, ...above]))) {
    throw updateFailure(CODE.entryAlreadyExists, "00002071", 6005);
  }
  const { classes, plain, ruled } = sort(request.attributes, rdn);
  const type = structuralClass(classes);
  if (!type) throw updateFailure(CODE.objectClassViolation, "0000207D", 6002);
  if (rdn.type.toUpperCase() !== type.naming) {
    throw updateFailure(CODE.namingViolation, "00002099", 6001);
  }
  const entry = newEntry({
    rdn: { type: type.naming, value: rdn.value },
    parent,
    className: type.name,
    configurationDn: domain.configuration.dn,
    given: plain,
    ...(isPrincipal(type.name) ? { sid: store.nextSid() } : {}),
  });
  const draft = new Draft(entry);
  for (const key of judgingOrder(ruled.keys())) {
    const change = { kind: "replace", name: key, values: ruled.get(key) ?? [] } as const;
    ruleOf(key).apply({ domain, identity, draft, hinted: false }, [change]);
  }
  store.insert(entry);
  draft.commit(store);
  return entry;
}
