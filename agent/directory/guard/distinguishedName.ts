/** Components of a name from the object up to the root, each in a form that compares bytewise. */
export type NameKey = readonly string[];

const TYPE = /^[A-Za-z][A-Za-z0-9-]*$/;
/** What may follow a backslash as itself (RFC 4514 §2.4). */
const ESCAPABLE = ' "#+,;<=>\\';
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;
/** What must not stand in a value without a backslash (RFC 4514 §3). */
const BARE = /["+;<>\0]/;
/** Longer than any name of a directory. */
const MOST_CHARACTERS = 8_192;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a distinguished name (RFC 4514). Undefined for what is none, and for forms that a directory
 * never prints (values in `#` hex, components of several values): what cannot be compared for
 * certain is not compared at all. Letter case drops, as AD compares names.
 */
export function nameKey(text: string): NameKey | undefined {
  if (text.length === 0 || text.length > MOST_CHARACTERS) return undefined;
  const keys: string[] = [];
  for (const part of components(text)) {
    const key = componentKey(part);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return keys;
}

/** Whether a name lies below another one, at any depth; nothing lies below itself. */
export function isBelow(name: NameKey, above: NameKey): boolean {
  const offset = name.length - above.length;
  return above.length > 0 && offset > 0 && above.every((key, at) => name[offset + at] === key);
}

function components(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === ",") {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function componentKey(part: string): string | undefined {
  const equals = part.indexOf("=");
  const type = part.slice(0, Math.max(0, equals)).trim();
  const value = part.slice(equals + 1);
  if (equals < 0 || !TYPE.test(type) || /^ *#/.test(value)) return undefined;
  const plain = unescaped(value);
  if (plain === undefined || plain === "") return undefined;
  return `${type.toLowerCase()}=${plain.normalize("NFC").toLowerCase()}`;
}

/** The value without escapes, and without the bare spaces at its edges. */
function unescaped(value: string): string | undefined {
  const start = /^ */.exec(value)?.[0].length ?? 0;
  const bytes: Buffer[] = [];
  let trailing = 0;
  for (let at = start; at < value.length; ) {
    const piece = value[at] === "\\" ? escaped(value, at + 1) : bare(value, at);
    if (!piece) return undefined;
    trailing = piece.isBareSpace ? trailing + 1 : 0;
    bytes.push(piece.bytes);
    at += piece.length;
  }
  try {
    return utf8.decode(Buffer.concat(bytes.slice(0, bytes.length - trailing)));
  } catch {
    return undefined;
  }
}

interface Piece {
  readonly bytes: Buffer;
  /** UTF-16 units of the text that it takes. */
  readonly length: number;
  readonly isBareSpace?: boolean;
}

function escaped(value: string, at: number): Piece | undefined {
  const pair = value.slice(at, at + 2);
  if (HEX_PAIR.test(pair)) return { bytes: Buffer.from(pair, "hex"), length: 3 };
  const character = value[at];
  return character !== undefined && ESCAPABLE.includes(character)
    ? { bytes: Buffer.from(character), length: 2 }
    : undefined;
}

function bare(value: string, at: number): Piece | undefined {
  const character = String.fromCodePoint(value.codePointAt(at) ?? 0);
  if (BARE.test(character) || !character.isWellFormed()) return undefined;
  return {
    bytes: Buffer.from(character),
    length: character.length,
    isBareSpace: character === " ",
  };
}
