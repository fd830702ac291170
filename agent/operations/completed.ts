import type { Verdict } from "@password-writeback/protocol/outcome.ts";
import type { DirectoryConnection } from "../directory/connection.ts";
import { DirectoryError } from "../directory/directoryError.ts";

/** What is done or found out once a write has succeeded, and what it adds to the verdict. */
export type Afterwards = (
  connection: DirectoryConnection,
) => Promise<Pick<Verdict, "detail"> & { readonly missingRight?: string }>;

/** A write that has succeeded stays so, whatever comes after it. */
export async function completed(
  verdict: Verdict,
  connection: DirectoryConnection,
  afterwards: Afterwards,
): Promise<Verdict> {
  try {
    const { detail, missingRight } = await afterwards(connection);
    const { server } = connection.rootDse;
    return {
      ...verdict,
      ...(detail && { detail: { ...verdict.detail, ...detail } }),
      directory: { server, ...verdict.directory, ...(missingRight && { missingRight }) },
    };
  } catch (error) {
    if (error instanceof DirectoryError) return verdict;
    throw error;
  }
}
