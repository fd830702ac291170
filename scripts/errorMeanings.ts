import type { ErrorCode } from "../protocol/errors.ts";
import { CALLER_ERRORS } from "./meanings/callerErrors.ts";
import { DIRECTORY_ERRORS } from "./meanings/directoryErrors.ts";
import type { Meaning } from "./meanings/meaning.ts";
import { MESSAGE_ERRORS } from "./meanings/messageErrors.ts";
import { SERVICE_ERRORS } from "./meanings/serviceErrors.ts";

export type { Meaning } from "./meanings/meaning.ts";

/** One entry per code; the type holds it complete. */
export const MEANINGS: Readonly<Record<ErrorCode, Meaning>> = {
  ...CALLER_ERRORS,
  ...SERVICE_ERRORS,
  ...DIRECTORY_ERRORS,
  ...MESSAGE_ERRORS,
};
