/** Bounds of every body, message and list. Each is enforced by a schema or before parsing. */

/** Bytes of an HTTP request body. */
export const MAX_BODY_BYTES = 16_384;
/** UTF-16 code units of a password (MS-SAMR 3.1.1.7.2). */
export const MAX_PASSWORD_UNITS = 256;
/** Bytes of a sealed request; far above what 32 recipients need, far below the relay's 256 KiB. */
export const MAX_ENVELOPE_BYTES = 65_536;
/** Bytes of a sealed reply. */
export const MAX_REPLY_BYTES = 16_384;
/** Characters of a trust list, a table property of Data Tables being 32 Ki characters at most. */
export const MAX_TRUST_LIST_CHARACTERS = 32_000;
/** Bytes of the HTTP body that brings one: its characters are ASCII and need no escapes. */
export const MAX_TRUST_LIST_BODY_BYTES = MAX_TRUST_LIST_CHARACTERS + 1_024;
/** Agents of one connector, each a recipient of every request. */
export const MAX_AGENTS_PER_CONNECTOR = 32;
/**
 * A sealed request is padded to a multiple of this many bytes. Two passwords of any length fit
 * into the first step beside everything else, so its length tells nothing, not even the operation;
 * and sealed for 20 agents it stays below 12 KiB (docs/decisions/0011).
 */
export const REQUEST_PADDING_BYTES = 4_608;
/** A sealed reply is padded to a multiple of this many bytes. */
export const REPLY_PADDING_BYTES = 1_024;
/** Seconds that an instance certificate may live. */
export const MAX_CERTIFICATE_SECONDS = 3_600;
/** Seconds between `iat` and `exp` of a request; the usual ones have a tenth of that. */
export const MAX_REQUEST_SECONDS = 300;
/** Seconds that the clocks of two parties may differ. */
export const CLOCK_TOLERANCE_SECONDS = 60;
/** Seconds that an agent's encryption key may be used for; then nothing is sealed for it. */
export const AGENT_KEY_SECONDS = 180 * 86_400;
/** Age of an agent's encryption key, in seconds, from which on everybody warns. */
export const AGENT_KEY_WARNING_SECONDS = 150 * 86_400;
