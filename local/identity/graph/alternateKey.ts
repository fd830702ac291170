/** How an object is named in a path: `/<id>`, or by an alternate key as in `(appId='…')`. */
export interface NamedBy {
  readonly property: string;
  readonly key: string;
}

/** @param segment with the slash or the brackets */
export function namedBy(segment: string): NamedBy {
  const [, property, key] = /^\((\w+)='([^']*)'\)$/.exec(segment) ?? [];
  if (property === undefined || key === undefined) return { property: "id", key: segment.slice(1) };
  return { property, key };
}
