import type { Entry } from "../store/entry.ts";
import { type Store, walk } from "../store/store.ts";
import type { Filter } from "../wire/filter.ts";
import type { SearchScope } from "../wire/request.ts";

/** Entries in scope that may match: by an index where the filter asks for an indexed value. */
export function* candidates(
  store: Store,
  base: Entry,
  scope: SearchScope,
  filter: Filter,
): Generator<Entry> {
  if (scope === "base") {
    yield base;
    return;
  }
  const indexed = fromIndex(store, filter);
  if (indexed) {
    for (const entry of indexed) if (isInScope(entry, base, scope)) yield entry;
    return;
  }
  if (scope === "sub") yield* walk(base);
  else for (const child of base.children.values()) if (!child.isContextHead) yield child;
}

function fromIndex(store: Store, filter: Filter): ReadonlySet<Entry> | undefined {
  if (filter.kind === "equal") return store.index.find(filter.attribute, filter.value);
  if (filter.kind !== "and") return undefined;
  for (const each of filter.filters) {
    const found = fromIndex(store, each);
    if (found) return found;
  }
  return undefined;
}

function isInScope(entry: Entry, base: Entry, scope: SearchScope): boolean {
  if (scope === "one") return entry.parent === base && !entry.isContextHead;
  for (let each: Entry | undefined = entry; each; each = each.parent) {
    if (each === base) return true;
    if (each.isContextHead) return false;
  }
  return false;
}
