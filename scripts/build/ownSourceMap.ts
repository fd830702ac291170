import { decodeSegment, encodeSegment } from "./variableLengthQuantity.ts";

/** What is read of a source map, version 3. */
export interface SourceMap {
  readonly version: number;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** The maps of other packages name their sources by their own place, or by a scheme. */
const isOwn = (source: string | undefined): boolean =>
  source !== undefined && !/node_modules\/|:/.test(source);

/** Numbers a list anew as its members are asked for. */
class Kept {
  readonly texts: string[] = [];
  readonly #places = new Map<number, number>();

  place(old: number, text: string): number {
    const known = this.#places.get(old);
    if (known !== undefined) return known;
    this.#places.set(old, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/**
 * The map without the sources of other packages: they are nine tenths of it. Where their code
 * begins stands a segment without a source, so that no line of theirs is taken for one of ours.
 */
export function ownSourceMap(map: SourceMap): SourceMap {
  const sources = new Kept();
  const names = new Kept();
  /** Source, line, column, name: each is written as the difference to the one before. */
  const read = [0, 0, 0, 0];
  const written = [0, 0, 0, 0];
  const step = (state: number[], at: number, difference: number): number => {
    state[at] = (state[at] ?? 0) + difference;
    return state[at];
  };
  const difference = (at: number, value: number): number => {
    const before = written[at] ?? 0;
    written[at] = value;
    return value - before;
  };

  const lineOf = (line: string): string => {
    const segments: string[] = [];
    let column = 0;
    let writtenColumn = 0;
    let inOwn = true;
    for (const text of line === "" ? [] : line.split(",")) {
      const [columns = 0, ...rest] = decodeSegment(text);
      column += columns;
      const [source = 0, row = 0, place = 0, name] = rest.map((by, at) => step(read, at, by));
      const sourceText = rest.length > 0 ? map.sources[source] : undefined;
      const own = isOwn(sourceText);
      if (!own && !inOwn) continue;
      inOwn = own;
      const values =
        own && sourceText !== undefined
          ? [
              sources.place(source, sourceText),
              row,
              place,
              ...(name === undefined ? [] : [names.place(name, map.names[name] ?? "")]),
            ]
          : [];
      const by = values.map((value, at) => difference(at, value));
      segments.push(encodeSegment([column - writtenColumn, ...by]));
      writtenColumn = column;
    }
    return segments.join(",");
  };

  const mappings = map.mappings.split(";").map(lineOf).join(";");
  return { version: map.version, sources: sources.texts, names: names.texts, mappings };
}
