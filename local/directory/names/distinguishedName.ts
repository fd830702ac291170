/** One component of a distinguished name. */
export interface Rdn {
  readonly type: string;
  readonly value: string;
}

/** Text that is no distinguished name (RFC 4514). */
export class InvalidName extends Error {
  override readonly name = "InvalidName";
}

const TYPE = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)$/;
const HEX_PAIR = /^[0-9a-fA-F]{2}$/;
const SPECIAL = /[\\,+"<>;=]|^[ #]| $/g;

/** Components from the object up to the root; none for the empty name. */
export function parseDn(text: string): Rdn[] {
  if (text.trim() === "") return [];
  return splitUnescaped(text).map(parseRdn);
}

/** @throws InvalidName also for components of several values: AD has none */
export function parseRdn(text: string): Rdn {
  const equals = text.indexOf("=");
  const type = text.slice(0, equals).trim();
  if (equals < 0 || !TYPE.test(type)) throw new InvalidName("no attribute type");
  const value = unescaped(trimUnescaped(text.slice(equals + 1)));
  if (value === "") throw new InvalidName("empty value");
  return { type, value };
}

function splitUnescaped(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "+") throw new InvalidName("component of several values");
    else if (text[at] === "," || text[at] === ";") {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** Only the space itself: other white space belongs to the value (RFC 4514 §2.4). */
const withoutSpaces = (text: string): string => text.replace(/^ +| +$/g, "");

/** Without spaces at the edges, except one at the end that is escaped. */
function trimUnescaped(text: string): string {
  const trimmed = withoutSpaces(text);
  const backslashes = trimmed.length - trimmed.replace(/\\+$/, "").length;
  return backslashes % 2 === 1 && text.replace(/^ +/, "") !== trimmed ? `${trimmed} ` : trimmed;
}

function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes: Buffer[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] !== "\\") {
      const next = text.indexOf("\\", at);
      const end = next < 0 ? text.length : next;
      bytes.push(Buffer.from(text.slice(at, end)));
      at = end;
    } else if (HEX_PAIR.test(text.slice(at + 1, at + 3))) {
      bytes.push(Buffer.from(text.slice(at + 1, at + 3), "hex"));
      at += 3;
    } else {
      const escaped = text.codePointAt(at + 1);
      if (escaped === undefined) throw new InvalidName("dangling escape");
      const character = String.fromCodePoint(escaped);
      bytes.push(Buffer.from(character));
      at += 1 + character.length;
    }
  }
  return Buffer.concat(bytes).toString("utf8");
}

/** One component as text, escaped as RFC 4514 §2.4 asks. */
export function formatRdn({ type, value }: Rdn): string {
  const escaped = value.replace(SPECIAL, "\\$&").replaceAll("\0", "\\00");
  return `${type}=${escaped}`;
}

export const formatDn = (rdns: readonly Rdn[]): string => rdns.map(formatRdn).join(",");

/** The same text for names that AD holds to be the same: letter case and outer spaces drop. */
export const rdnKey = ({ type, value }: Rdn): string =>
  formatRdn({ type: type.toLowerCase(), value: withoutSpaces(value).toLowerCase() });

export const dnKey = (rdns: readonly Rdn[]): string => rdns.map(rdnKey).join(",");

/** `corp.example` of `…,DC=corp,DC=example`; empty if the name does not end in a domain. */
export function dnsDomain(rdns: readonly Rdn[]): string {
  const labels: string[] = [];
  for (let at = rdns.length - 1; at >= 0; at -= 1) {
    const rdn = rdns[at];
    if (rdn?.type.toLowerCase() !== "dc") break;
    labels.unshift(rdn.value);
  }
  return labels.join(".");
}

/** `DC=corp,DC=example` of `corp.example`. */
export const domainDn = (domain: string): string =>
  domain
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
