import { outcome, outcomeDetail } from "@password-writeback/protocol/outcome.ts";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { z } from "zod";

const id = z.uuid();
const integer = z.string().regex(/^-?\d{1,20}$/);
/** Seconds since 1970, cloud time. */
const expires = z.number();

/** What was known and what was about to be done, right before a modify was sent. No secret. */
export const intent = z.strictObject({
  operation: z.enum(["change", "reset", "unlock", "requireChange"]),
  /** Domain controller that the modify went to: only there can its effect be observed. */
  server: z.string(),
  /** Distinguished name for reads, `<GUID=…>`. */
  account: z.string(),
  /** Whether "must change at next sign-in" was asked for. */
  mustChange: z.boolean(),
  /** `msDS-KeyVersionNumber` before. */
  keyVersion: integer.optional(),
  /** `pwdLastSet` before. */
  pwdLastSet: integer.optional(),
  /** Whether the account was locked before. */
  locked: z.boolean().optional(),
  /** What is told of the account whatever becomes of it. */
  told: outcomeDetail.pick({ accountDisabled: true, accountExpired: true }).optional(),
  /** Whether it was sent before, and no answer came. */
  resent: z.literal(true).optional(),
  /** When it was last sent: milliseconds since 1970 by this machine's clock. */
  at: z.number(),
  /** When it was first and last sent: FILETIME by the domain controller's clock. */
  sent: z.strictObject({ first: integer, last: integer }).optional(),
});
export type Intent = z.infer<typeof intent>;

const verdict = outcome.pick({ status: true, code: true, detail: true, directory: true });

/** One line of the journal. */
export const entry = z.discriminatedUnion("kind", [
  /** First line of a segment: since when (cloud time) the journal knows of every write. */
  z.strictObject({ kind: z.literal("begun"), since: z.number() }),
  z.strictObject({ kind: z.literal("accepted"), id, expires }),
  z.strictObject({ kind: z.literal("intent"), id, expires, intent }),
  z.strictObject({ kind: z.literal("conclusion"), id, expires, verdict }),
  /** A request that nobody could verify was refused under this id: it is never begun here. */
  z.strictObject({ kind: z.literal("refused"), id, expires }),
  /** Nobody is known to have taken the conclusion: the cloud must still be told. */
  z.strictObject({ kind: z.literal("owed"), id, expires }),
  /** The cloud has taken it. */
  z.strictObject({ kind: z.literal("told"), id, expires }),
]);
export type Entry = z.infer<typeof entry>;

/** Undefined for a line that is none, for instance one that a crash has cut off. */
export const readEntry = (line: string): Entry | undefined => entry.safeParse(parseJson(line)).data;
