import { z } from "zod";
import { passwordRules } from "./passwordRules.ts";
import { violations } from "./violation.ts";

export const OUTCOME_VERSION = 1;
/** A hundred days: above what Active Directory's tools let an administrator set. */
export const MAX_LOCKOUT_WINDOW_SECONDS = 100 * 86_400;

/** What a caller may be told beside the code. */
export const outcomeDetail = z.object({
  /** Whether "must change at next sign-in" is really set, where it was asked for. */
  mustChangeApplied: z.boolean().optional(),
  /**
   * Must change at next sign-in though nobody asked for it: the directory stores the new password
   * as expired where the agent's account lacks the right Unexpire Password.
   */
  mustChangeUnasked: z.literal(true).optional(),
  /** The account is disabled: nobody can sign in with it, whatever the password. */
  accountDisabled: z.literal(true).optional(),
  /** The account itself, not its password, has expired. */
  accountExpired: z.literal(true).optional(),
  /** Whether the account was locked before an unlock or a reset. */
  wasLocked: z.boolean().optional(),
  /** Which rules a password broke that the policy refused. */
  violations: violations.optional(),
  /** What was asked for, where that were the rules for the next password. */
  rules: passwordRules.optional(),
});
export type OutcomeDetail = z.infer<typeof outcomeDetail>;

/** What only an operator may read: numbers and names, never the directory's prose. */
export const directoryEvidence = z.object({
  /** Host name of the domain controller. */
  server: z.string().max(255),
  /** `msDS-KeyVersionNumber` of the account before a password was to be set, and after it was. */
  keyVersionBefore: z.number().int().nonnegative().optional(),
  keyVersionAfter: z.number().int().nonnegative().optional(),
  /** LDAP result code (RFC 4511 appendix A). */
  resultCode: z.number().int().optional(),
  /** The eight hex digits in front of the diagnostic message: a Windows error code. */
  win32: z
    .string()
    .regex(/^[0-9A-F]{8}$/)
    .optional(),
  /** The right that the agent's account lacks. */
  missingRight: z.string().max(64).optional(),
  /** Whether the directory was told to apply history and minimum age to the reset. */
  policyEnforced: z.boolean().optional(),
  /** Whether it was sent a second time, under compare-and-set, after the first answer was lost. */
  resent: z.literal(true).optional(),
  /** Whether the domain controller was seen to honour compare-and-set, where that was tried. */
  compareAndSet: z.boolean().optional(),
  /**
   * Of a change: wrong passwords until the account is locked, 0 for never, where it may be read.
   */
  lockoutThreshold: z.int().min(0).max(1_024).optional().catch(undefined),
  /** Seconds for which a wrong password counts towards that, from the last one on. */
  lockoutWindowSeconds: z.int().min(0).max(MAX_LOCKOUT_WINDOW_SECONDS).optional().catch(undefined),
});
export type DirectoryEvidence = z.infer<typeof directoryEvidence>;

/**
 * How a request ended. `failed` is definite: nothing was written. `unknown` is honest: the write
 * may or may not have happened (docs/decisions/0007). What a newer agent adds is left out by a
 * reader that does not know it, here as well as in details and evidence.
 */
export const outcome = z.object({
  version: z.literal(OUTCOME_VERSION),
  /** Request id: a reply to another request is no reply. */
  request: z.uuid(),
  agent: z.string().max(64),
  status: z.enum(["succeeded", "failed", "unknown"]),
  /** A code of the error table; absent only where `status` is `succeeded`. */
  code: z.string().max(64).optional(),
  detail: outcomeDetail.optional(),
  directory: directoryEvidence.optional(),
});
export type Outcome = z.infer<typeof outcome>;

/** An outcome before the request and the agent are filled in. */
export type Verdict = Pick<Outcome, "status" | "code" | "detail" | "directory">;
