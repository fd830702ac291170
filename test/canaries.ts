/** Where in a text of a base-64 alphabet bytes stand: at one of three alignments. */
const ALIGNMENTS = [0, 1, 2] as const;

/** What of a Base64 text does not depend on the bytes around it. */
function inner(bytes: Buffer, shift: number, encoding: "base64" | "base64url"): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString(encoding)
    .replaceAll("=", "");
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor(((shift + bytes.length) * 8) / 6);
  return text.slice(first, last);
}

const escaped = (text: string): string =>
  text
    .split("")
    .map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");

/**
 * The bytes under which a secret could hide: as text and UTF-16, each also in hex, in Base64 of
 * both alphabets at every alignment, and as a part of a URI, of a JSON text, or of one within
 * another.
 */
export function disguises(secret: string): Buffer[] {
  const plain = [Buffer.from(secret, "utf8"), Buffer.from(secret, "utf16le")];
  const json = JSON.stringify(secret).slice(1, -1);
  const hex = plain.map((bytes) => bytes.toString("hex"));
  const texts = [
    ...hex,
    ...hex.map((text) => text.toUpperCase()),
    ...plain.flatMap((bytes) =>
      ALIGNMENTS.flatMap((shift) => [
        inner(bytes, shift, "base64"),
        inner(bytes, shift, "base64url"),
      ]),
    ),
    encodeURIComponent(secret),
    json,
    JSON.stringify(json).slice(1, -1),
    escaped(secret),
  ];
  const all = [...plain, ...texts.map((text) => Buffer.from(text, "utf8"))];
  return [...new Map(all.map((bytes) => [bytes.toString("hex"), bytes])).values()];
}

/** Somewhere that secrets must not be. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Looks for secrets in places. @returns name of the place and of the secret for each hit */
export function hits(
  places: readonly Place[],
  secrets: Readonly<Record<string, string>>,
): string[] {
  const wanted = Object.entries(secrets).map(
    ([name, secret]) => [name, disguises(secret)] as const,
  );
  return places.flatMap((place) =>
    wanted
      .filter(([, forms]) => forms.some((form) => place.bytes.includes(form)))
      .map(([name]) => `${name} in ${place.name}`),
  );
}
