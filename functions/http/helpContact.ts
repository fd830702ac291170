import { errorRow } from "@password-writeback/protocol/errors.ts";
import type { Parts } from "../parts.ts";

/**
 * Where somebody finds help who reads the sentence of this code. The same for everybody who reads
 * that sentence: it must not tell who exists.
 */
export const helpContactFor = (code: string, parts: Parts): string | null =>
  errorRow(code).text === "contactAdministrator" ? parts.settings.helpContact : null;
