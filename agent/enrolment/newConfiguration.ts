import { dirname, resolve } from "node:path";
import type { Invitation } from "@password-writeback/protocol/enrolment.ts";
import { z } from "zod";
import { ConfigurationError, directorySection } from "../configuration.ts";

/** Names in the agent's folder, as its configuration says them. */
export const NAMES = {
  configuration: "agent.json",
  certificate: "agent.pem",
  keys: "keys",
  data: "data",
  request: "enrolment-request.json",
} as const;

/** What only a person knows who administers the directory. `run` refuses each of these. */
const DIRECTORY_TO_FILL_IN = {
  domains: [
    {
      domainControllers: [{ url: "<ldaps://dc1.corp.example>" }],
      baseDn: "<DC=corp,DC=example>",
      bindDn: "<svc-writeback@corp.example>",
      passwordFile: "service-account.secret",
      sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
      canary: "<svc-canary@corp.example>",
    },
  ],
} as const;
const CLIENT_ID_TO_FILL_IN = "<client id of this agent's application; add it with --client-id>";

/** What an administrator adds to the invitation, now or later. */
export interface Additions {
  readonly clientId: string | undefined;
  /** The section as it is to stand there. */
  readonly directory: unknown;
}

/** The configuration that enrolment leaves, complete but for what nobody has said yet. */
export function newConfiguration(
  id: string,
  { connector, tenantId, authority, api, apiClientId, relay, rootKey }: Invitation,
  { clientId = CLIENT_ID_TO_FILL_IN, directory = DIRECTORY_TO_FILL_IN }: Additions,
): object {
  return {
    agentId: id,
    connector,
    tenantId,
    entra: { authority, clientId, certificateFile: NAMES.certificate },
    api: { url: api, scope: `${apiClientId}/.default` },
    relay,
    rootKey,
    keyFolder: NAMES.keys,
    dataDirectory: NAMES.data,
    directory,
  };
}

const existing = z.looseObject({
  agentId: z.string(),
  connector: z.string(),
  entra: z.looseObject({}),
});

/**
 * The configuration that is there already, with what was added since.
 * @throws ConfigurationError where it is another agent's
 */
export function completed(
  text: string,
  id: string,
  { connector }: Invitation,
  { clientId, directory }: Additions,
): object {
  const found = existing.safeParse(parseJson(text)).data;
  if (found?.agentId !== id || found.connector !== connector)
    throw new ConfigurationError(
      `--folder: it holds the ${NAMES.configuration} of another agent; name another folder.`,
    );
  return {
    ...found,
    entra: { ...found.entra, ...(clientId !== undefined && { clientId }) },
    ...(directory !== undefined && { directory }),
  };
}

/**
 * A section `directory` from a file of its own; the files that it names are relative to that file.
 * @throws ConfigurationError
 */
export function directoryFrom(file: string, text: string): unknown {
  const given = parseJson(text);
  const parsed = directorySection.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      ({ path, message }) => `--directory: ${path.join(".")}: ${message}`,
    );
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
