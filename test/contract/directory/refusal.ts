/** How a directory says no: LDAP result code, and the Win32 code its diagnostic starts with. */
export interface Refusal {
  readonly code: number;
  /** Eight hexadecimal digits; absent where the diagnostic has none. */
  readonly win32?: string;
}

const hasCode = (error: unknown): error is Error & { readonly code: number } =>
  error instanceof Error && "code" in error && typeof error.code === "number";

/**
 * The refusal that an operation ends with. Nothing else of the diagnostic is looked at.
 *
 * @throws Error if it was not refused, or what it failed with, if that was no answer of a directory
 */
export async function refusalOf(operation: Promise<unknown>): Promise<Refusal> {
  try {
    await operation;
  } catch (error) {
    if (!hasCode(error)) throw error;
    const win32 = /^\s*([0-9a-f]{8})\b/i.exec(error.message)?.[1]?.toUpperCase();
    return win32 === undefined ? { code: error.code } : { code: error.code, win32 };
  }
  throw new Error("The directory has not refused it");
}
