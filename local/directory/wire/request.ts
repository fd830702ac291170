import { BerReader, TAG } from "./berReader.ts";
import { type Control, readControls } from "./controls.ts";
import { type Filter, readFilter } from "./filter.ts";
import { MalformedMessage } from "./malformedMessage.ts";

/** Attribute with its values, as it stands in a request. */
export interface NamedValues {
  readonly name: string;
  readonly values: readonly Buffer[];
}

export type ChangeKind = "add" | "delete" | "replace";

/** One element of a modify (RFC 4511 §4.6). */
export interface Change extends NamedValues {
  readonly kind: ChangeKind;
}

export type SearchScope = "base" | "one" | "sub";

export interface BindRequest {
  readonly kind: "bind";
  readonly version: number;
  readonly dn: string;
  /** Undefined for SASL. */
  readonly password: Buffer | undefined;
}

export interface SearchRequest {
  readonly kind: "search";
  readonly dn: string;
  readonly scope: SearchScope;
  readonly sizeLimit: number;
  readonly typesOnly: boolean;
  readonly filter: Filter;
  readonly attributes: readonly string[];
}

export interface ModifyRequest {
  readonly kind: "modify";
  readonly dn: string;
  readonly changes: readonly Change[];
}

export interface AddRequest {
  readonly kind: "add";
  readonly dn: string;
  readonly attributes: readonly NamedValues[];
}

export interface RenameRequest {
  readonly kind: "rename";
  readonly dn: string;
  readonly newRdn: string;
  readonly newSuperior: string | undefined;
}

export type Operation =
  | BindRequest
  | SearchRequest
  | ModifyRequest
  | AddRequest
  | RenameRequest
  | { readonly kind: "unbind" }
  | { readonly kind: "delete"; readonly dn: string }
  | { readonly kind: "compare"; readonly dn: string }
  | { readonly kind: "abandon"; readonly id: number }
  | { readonly kind: "extended"; readonly oid: string };

export interface Request {
  readonly id: number;
  readonly operation: Operation;
  readonly controls: readonly Control[];
}

const SCOPES = ["base", "one", "sub"] as const;
const CHANGE_KINDS = ["add", "delete", "replace"] as const;

/** @throws MalformedMessage */
export function readRequest(frame: Buffer): Request {
  const message = new BerReader(frame).enter(TAG.sequence);
  const id = message.integer();
  if (id < 1) throw new MalformedMessage("message id");
  const operation = readOperation(message);
  const controls = message.tag === 0xa0 ? readControls(message.enter(0xa0)) : [];
  return { id, operation, controls };
}

function readOperation(message: BerReader): Operation {
  const tag = message.tag;
  switch (tag) {
    case 0x60:
      return readBind(message.enter(tag));
    case 0x42:
      message.octets(tag);
      return { kind: "unbind" };
    case 0x63:
      return readSearch(message.enter(tag));
    case 0x66:
      return readModify(message.enter(tag));
    case 0x68:
      return readAdd(message.enter(tag));
    case 0x4a:
      return { kind: "delete", dn: message.text(tag) };
    case 0x6c:
      return readRename(message.enter(tag));
    case 0x6e:
      return { kind: "compare", dn: message.enter(tag).text() };
    case 0x50:
      return { kind: "abandon", id: message.integer(tag) };
    case 0x77:
      return { kind: "extended", oid: message.enter(tag).text(0x80) };
    default:
      throw new MalformedMessage("unknown operation");
  }
}

function readBind(reader: BerReader): BindRequest {
  const version = reader.integer();
  const dn = reader.text();
  const password = reader.tag === 0x80 ? reader.octets(0x80) : undefined;
  if (!password) reader.enter(0xa3);
  return { kind: "bind", version, dn, password };
}

function readSearch(reader: BerReader): SearchRequest {
  const dn = reader.text();
  const scope = SCOPES[reader.integer(TAG.enumerated)];
  if (!scope) throw new MalformedMessage("search scope");
  reader.integer(TAG.enumerated);
  const sizeLimit = reader.integer();
  reader.integer();
  const typesOnly = reader.boolean();
  const filter = readFilter(reader);
  const attributes: string[] = [];
  const selection = reader.enter(TAG.sequence);
  while (!selection.done) attributes.push(selection.text());
  return { kind: "search", dn, scope, sizeLimit, typesOnly, filter, attributes };
}

function readNamedValues(reader: BerReader): NamedValues {
  const attribute = reader.enter(TAG.sequence);
  const name = attribute.text();
  const set = attribute.enter(TAG.set);
  const values: Buffer[] = [];
  while (!set.done) values.push(set.octets());
  return { name, values };
}

function readModify(reader: BerReader): ModifyRequest {
  const dn = reader.text();
  const list = reader.enter(TAG.sequence);
  const changes: Change[] = [];
  while (!list.done) {
    const element = list.enter(TAG.sequence);
    const kind = CHANGE_KINDS[element.integer(TAG.enumerated)];
    if (!kind) throw new MalformedMessage("kind of change");
    changes.push({ kind, ...readNamedValues(element) });
  }
  return { kind: "modify", dn, changes };
}

function readAdd(reader: BerReader): AddRequest {
  const dn = reader.text();
  const list = reader.enter(TAG.sequence);
  const attributes: NamedValues[] = [];
  while (!list.done) attributes.push(readNamedValues(list));
  return { kind: "add", dn, attributes };
}

function readRename(reader: BerReader): RenameRequest {
  const dn = reader.text();
  const newRdn = reader.text();
  reader.boolean();
  const newSuperior = reader.tag === 0x80 ? reader.text(0x80) : undefined;
  return { kind: "rename", dn, newRdn, newSuperior };
}
