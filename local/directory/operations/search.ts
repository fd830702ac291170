import { controlRefused, frontEndFailure } from "../diagnostics.ts";
import { CODE } from "../failure.ts";
import { resolve } from "../names/resolve.ts";
import { candidates } from "../search/candidates.ts";
import { match } from "../search/match.ts";
import type { Pages } from "../search/pages.ts";
import { type Reading, read } from "../search/reading.ts";
import { select, selectionOf } from "../search/selection.ts";
import { CONTROL, type Control, findControl, readPage, writePage } from "../wire/controls.ts";
import type { SearchRequest } from "../wire/request.ts";
import type { FoundEntry, Result } from "../wire/response.ts";

/** Most entries in one answer: Windows' MaxPageSize. */
const MAX_PAGE_SIZE = 1000;
const BASE_ONLY = "tokengroups";

export interface SearchOutcome {
  readonly entries: readonly FoundEntry[];
  readonly references: readonly string[];
  readonly result: Result;
}

/**
 * A search below a base. `tokenGroups` is for base searches only and fails any other one, as in
 * Windows; the text of that refusal is by analogy.
 *
 * @throws LdapFailure
 */
export function search(
  reading: Reading,
  request: SearchRequest,
  controls: readonly Control[],
  pages: Pages,
): SearchOutcome {
  const { domain } = reading;
  const control = findControl(controls, CONTROL.pagedResults);
  const page = control && readPage(control.value);
  const base = resolve(domain.store, request.dn);
  const selection = selectionOf(request.attributes, request.typesOnly);
  if (request.scope !== "base" && selection.keys.has(BASE_ONLY)) {
    throw frontEndFailure(CODE.operationsError, "00002120", "Attribute needs a base search");
  }

  let found = page && page.cookie.length > 0 ? pages.take(page.cookie) : undefined;
  if (page && page.cookie.length > 0 && !found) throw controlRefused();
  if (!found) {
    const limit = page ? Number.POSITIVE_INFINITY : entryLimit(request.sizeLimit);
    const matching: FoundEntry[] = [];
    for (const entry of candidates(domain.store, base, request.scope, request.filter)) {
      if (match(request.filter, (attribute) => read(entry, attribute, reading)) !== true) continue;
      if (matching.length === limit) {
        return { entries: matching, references: [], result: { code: CODE.sizeLimitExceeded } };
      }
      matching.push(select(entry, selection, reading));
    }
    found = matching;
  }

  const references = referencesBelow(reading, request, controls);
  if (!page) return { entries: found, references, result: { code: 0 } };
  const size = entryLimit(page.size);
  const cookie = pages.keep(found.slice(size));
  const answer = writePage({ size: 0, cookie });
  return {
    entries: found.slice(0, size),
    references: cookie.length > 0 ? [] : references,
    result: { code: 0, controls: [answer] },
  };
}

const entryLimit = (asked: number): number =>
  asked > 0 ? Math.min(asked, MAX_PAGE_SIZE) : MAX_PAGE_SIZE;

/** Continuations into the naming contexts below, unless the client keeps to the domain. */
function referencesBelow(
  { domain }: Reading,
  request: SearchRequest,
  controls: readonly Control[],
): string[] {
  const isWhole = request.scope === "sub" && resolve(domain.store, request.dn) === domain.head;
  if (!isWhole || findControl(controls, CONTROL.domainScope)) return [];
  return [`ldaps://${domain.dnsName}/${encodeURI(domain.configuration.dn)}`];
}
