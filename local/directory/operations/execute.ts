import type { Identity } from "../accounts/identity.ts";
import { controlRefused, frontEndFailure, notBound, otherDomain } from "../diagnostics.ts";
import type { Domain } from "../domain/domain.ts";
import { CODE, LdapFailure } from "../failure.ts";
import type { Pages } from "../search/pages.ts";
import {
  CONTROL,
  type Control,
  findControl,
  readDescriptorFlags,
  readPolicyHints,
} from "../wire/controls.ts";
import { MalformedMessage } from "../wire/malformedMessage.ts";
import type { Request, SearchRequest } from "../wire/request.ts";
import { Answer, type Result, SUCCESS } from "../wire/response.ts";
import { add } from "./add.ts";
import { bind } from "./bind.ts";
import { modify } from "./modify.ts";
import { remove } from "./remove.ts";
import { rename } from "./rename.ts";
import { rootDse, supportedControls } from "./rootDse.ts";
import { search } from "./search.ts";

/** What the directory remembers of one connection. */
export interface Session {
  readonly domain: Domain;
  readonly pages: Pages;
  /** Undefined: anonymous. A bind that fails leaves the connection anonymous. */
  identity: Identity | undefined;
}

const ENFORCE = 1;

/** What one request did. */
export interface Execution {
  readonly answer: Buffer;
  readonly result: Result;
}

/** Carries out one request and builds its answer. Refusals are answers too; it never throws one. */
export function execute(session: Session, request: Request): Execution {
  const answer = new Answer(request.id);
  let result: Result;
  try {
    result = carryOut(session, request, answer);
  } catch (error) {
    if (error instanceof LdapFailure) result = error.result;
    else if (error instanceof MalformedMessage) result = controlRefused().result;
    else throw error;
  }
  return { answer: answer.result(request.operation.kind, result).finish(), result };
}

function carryOut(session: Session, request: Request, answer: Answer): Result {
  const { domain } = session;
  const { operation } = request;
  const controls = knownControls(domain, request.controls);
  switch (operation.kind) {
    case "bind":
      session.identity = undefined;
      session.identity = bind(domain, operation);
      return SUCCESS;
    case "search":
      return answerSearch(session, operation, controls, answer);
    case "modify":
      modify(domain, writer(session, operation.dn), operation, areHintsEnforced(controls));
      return SUCCESS;
    case "add":
      add(domain, writer(session, operation.dn), operation);
      return SUCCESS;
    case "delete": {
      const withSubtree = findControl(controls, CONTROL.treeDelete) !== undefined;
      remove(domain, writer(session, operation.dn), operation.dn, withSubtree);
      return SUCCESS;
    }
    case "rename":
      rename(domain, writer(session, operation.dn), operation);
      return SUCCESS;
    case "extended":
      throw frontEndFailure(CODE.protocolError, "0000203D", "Unknown extended request OID");
    case "compare":
      throw frontEndFailure(CODE.unwillingToPerform, "00002035", "Compare is not offered");
    default:
      return SUCCESS;
  }
}

function answerSearch(
  session: Session,
  request: SearchRequest,
  controls: readonly Control[],
  answer: Answer,
): Result {
  const { domain } = session;
  if (request.dn === "" && request.scope === "base") {
    for (const entry of rootDse(domain, session.identity, request)) answer.entry(entry);
    return SUCCESS;
  }
  const reading = {
    domain,
    identity: bound(session),
    accessListOnly: asksForAccessList(controls),
  };
  const outcome = search(reading, request, controls, session.pages);
  for (const entry of outcome.entries) answer.entry(entry);
  for (const uri of outcome.references) answer.reference(uri);
  return outcome.result;
}

/** DACL_SECURITY_INFORMATION without the audit list, which ordinary accounts may not read. */
function asksForAccessList(controls: readonly Control[]): boolean {
  const control = findControl(controls, CONTROL.securityDescriptorFlags);
  return control !== undefined && (readDescriptorFlags(control.value) & 0xc) === 0x4;
}

function bound(session: Session): Identity {
  if (!session.identity) throw notBound();
  return session.identity;
}

/** A read-only controller refers writes to a writable one. */
function writer(session: Session, dn: string): Identity {
  const identity = bound(session);
  const { condition, dnsName } = session.domain;
  if (condition.readOnly) throw otherDomain(dnsName, dn);
  return identity;
}

/** An unknown control is refused if critical and dropped if not (RFC 4511 §4.1.11). */
function knownControls(domain: Domain, controls: readonly Control[]): readonly Control[] {
  if (controls.length === 0) return controls;
  const known = supportedControls(domain);
  if (controls.some(({ oid, critical }) => critical && !known.includes(oid))) {
    throw controlRefused();
  }
  return controls.filter(({ oid }) => known.includes(oid));
}

/** A hints control that can't be read is refused if critical and ignored if not. */
function areHintsEnforced(controls: readonly Control[]): boolean {
  return [CONTROL.policyHints, CONTROL.policyHintsDeprecated].some((oid) => {
    const control = findControl(controls, oid);
    if (!control) return false;
    try {
      return readPolicyHints(control.value) === ENFORCE;
    } catch (error) {
      if (error instanceof MalformedMessage && !control.critical) return false;
      throw error;
    }
  });
}
