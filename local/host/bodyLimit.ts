import { MAX_BODY_BYTES } from "../../protocol/limits.ts";

/**
 * Bytes of a body at which the host itself stops reading, before any code of ours runs: what the
 * setting `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT` says to the real one.
 */
export const HOST_BODY_BYTES = 4 * MAX_BODY_BYTES;
