import { isDeepStrictEqual } from "node:util";
import type { Invitation } from "@password-writeback/protocol/enrolment.ts";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { z } from "zod";
import { ConfigurationError } from "../configuration.ts";
import type { Additions } from "./additions.ts";

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
  tenantId: z.unknown(),
  entra: z.looseObject({ authority: z.unknown() }),
  api: z.unknown(),
  relay: z.unknown(),
  rootKey: z.unknown(),
});

/** What of a configuration comes from the invitation. */
const invited = ({ tenantId, entra, api, relay, rootKey }: z.infer<typeof existing>) => [
  ...[tenantId, entra.authority, api, relay, rootKey],
];

/**
 * The configuration that is there already, with what was added since.
 * @throws ConfigurationError where it is another agent's, or was made with another invitation: the
 * one that is given now is what people compare
 */
export function completed(
  text: string,
  id: string,
  invitation: Invitation,
  { clientId, directory }: Additions,
): object {
  const found = existing.safeParse(parseJson(text)).data;
  if (found?.agentId !== id || found.connector !== invitation.connector)
    throw new ConfigurationError(
      `--folder: it holds the ${NAMES.configuration} of another agent; name another folder.`,
    );
  const anew = existing.parse(newConfiguration(id, invitation, { clientId, directory }));
  if (!isDeepStrictEqual(invited(found), invited(anew)))
    throw new ConfigurationError(
      `--folder: its ${NAMES.configuration} was made with another invitation; ` +
        "find out which is right, and remove the file if it is this one.",
    );
  return {
    ...found,
    entra: { ...found.entra, ...(clientId !== undefined && { clientId }) },
    ...(directory !== undefined && { directory }),
  };
}
