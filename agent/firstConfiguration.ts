import { basename, dirname } from "node:path";
import { z } from "zod";
import { KEY_FILE_ENDING } from "./trust/keyFileEnding.ts";

const absent = z.undefined().optional();
const keyFile = z.looseObject({
  encryptionKeyFile: z.string().refine((file) => basename(file).endsWith(KEY_FILE_ENDING)),
  keyFolder: absent,
});
const oneDomain = z.looseObject({
  directory: z.looseObject({ url: z.unknown(), domainControllers: absent, domains: absent }),
});

/** A configuration in today's words, and which members of it are to be changed in the file. */
export interface Translated {
  readonly configuration: unknown;
  readonly outdated: readonly string[];
}

/**
 * Puts a configuration of the first version, which knew one key and one domain controller, into
 * today's words. What the two have in common, and what is neither, is left for the schema to judge.
 */
export function translated(given: unknown): Translated {
  const outdated: string[] = [];
  let configuration = given;
  const withKey = keyFile.safeParse(configuration).data;
  if (withKey) {
    const { encryptionKeyFile, ...others } = withKey;
    configuration = { ...others, keyFolder: dirname(encryptionKeyFile) };
    outdated.push("encryptionKeyFile: keyFolder");
  }
  const withDomain = oneDomain.safeParse(configuration).data;
  if (withDomain) {
    const { url, servername, connections, timeouts, ...domain } = withDomain.directory;
    const domainControllers = [{ url, ...(servername !== undefined && { servername }) }];
    configuration = {
      ...withDomain,
      directory: {
        ...(connections !== undefined && { connections }),
        ...(timeouts !== undefined && { timeouts }),
        domains: [{ domainControllers, ...domain }],
      },
    };
    outdated.push("directory.url: directory.domains");
  }
  return { configuration, outdated };
}
