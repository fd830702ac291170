import { dirname, resolve } from "node:path";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { z } from "zod";
import { complaints } from "../complaints.ts";
import { ConfigurationError, directorySection } from "../configuration.ts";
import { readNamed } from "../secretFiles.ts";

/** What an administrator adds to the invitation, now or later. */
export interface Additions {
  readonly clientId: string | undefined;
  /** The section as it is to stand in the configuration. */
  readonly directory: unknown;
}

/** What was given for them on the command line. */
export interface GivenAdditions {
  /** File with the section `directory` of the configuration. */
  readonly directory?: string | undefined;
  /** Of the agent's application in Entra, which exists only after the operator has made it. */
  readonly clientId?: string | undefined;
}

/** @throws ConfigurationError */
export async function readAdditions({ clientId, directory }: GivenAdditions): Promise<Additions> {
  if (clientId !== undefined && !z.guid().safeParse(clientId).success)
    throw new ConfigurationError("--client-id: must be the application's client id, a GUID.");
  if (directory === undefined) return { clientId, directory: undefined };
  const text = await readNamed("--directory", directory);
  return { clientId, directory: directoryFrom(directory, text) };
}

/** The files that the section names are relative to the file that it stands in. */
function directoryFrom(file: string, text: string): unknown {
  const given = parseJson(text);
  const { error } = directorySection.safeParse(given);
  if (error) {
    const lines = complaints(error, given, "the file").map((line) => `--directory: ${line}`);
    throw new ConfigurationError(lines.join("\n"));
  }
  const absolute = (path: string): string => resolve(dirname(resolve(file)), path);
  const { domains, ...rest } = given as z.input<typeof directorySection>;
  return {
    ...rest,
    domains: domains.map(({ passwordFile, caFile, ...domain }) => ({
      ...domain,
      passwordFile: absolute(passwordFile),
      ...(caFile !== undefined && { caFile: absolute(caFile) }),
    })),
  };
}
