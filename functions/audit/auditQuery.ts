import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import { userId } from "../people/userFacts.ts";
import type { AuditFilter } from "../records/auditRecords.ts";
import { readSkipToken } from "./skipToken.ts";

const MAX_TOP = 1_000;
const DEFAULT_TOP = 100;

/** Keys count down from 1970: of what was before there are no records, and no place for them. */
const moment = z.iso.datetime({ offset: true }).transform((text) => Math.max(0, Date.parse(text)));

const parameters = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  actor: userId.optional(),
  target: userId.optional(),
  activity: z
    .string()
    .max(100)
    .regex(/^[\w (),.-]+$/)
    .optional(),
  $top: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .transform(Number)
    .pipe(z.number().max(MAX_TOP))
    .default(DEFAULT_TOP),
  $skiptoken: z.string().max(2_000).optional(),
});

/** What a caller wants to read of the audit records. */
export interface AuditQuery {
  readonly filter: AuditFilter;
  /** Records in one answer, at most. */
  readonly top: number;
  /** Where to go on, for the table client. */
  readonly start: string | undefined;
}

/**
 * Reads the parameters of a call. One that is not known, or given twice, is refused: it would
 * otherwise look as if it had been applied.
 * @param oldest milliseconds since 1970, where `from` is not given
 * @param latest milliseconds since 1970, where `to` is not given
 * @throws ApiError `invalidRequest`, with the parameter's name
 */
export function auditQuery(given: URLSearchParams, oldest: number, latest: number): AuditQuery {
  const names = [...given.keys()];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw wrong(twice);
  const parsed = parameters.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(issue?.code === "unrecognized_keys" ? issue.keys[0] : String(issue?.path[0]));
  }
  const { from = oldest, to = latest, $top: top, $skiptoken, ...wanted } = parsed.data;
  if (from > to) throw wrong("from");
  const filter = { from, to, ...wanted };
  const start = $skiptoken === undefined ? undefined : readSkipToken($skiptoken, filter);
  if ($skiptoken !== undefined && start === undefined) throw wrong("$skiptoken");
  return { filter, top, start };
}

/** A name that is repeated to the caller is a plain one. */
const wrong = (name = ""): ApiError =>
  new ApiError("invalidRequest", { target: /^\$?[a-zA-Z]{1,40}$/.test(name) ? name : "query" });
