import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { AGENT_KEY_SECONDS } from "../../protocol/limits.ts";
import { type PublicKey, publicKey, type TrustedAgent } from "../../protocol/trustList.ts";
import type { Leaf } from "../certificates.ts";
import type { Identity } from "../identity/startIdentity.ts";
import type { LocalDirectory } from "../localDirectory.ts";
import { CANARY, CONNECTOR, SERVICE_ACCOUNT, STAFF_OU, userPrincipalName } from "../samples.ts";
import { AGENT_ID, API_CLIENT_ID, type Applications, NAMESPACE, TENANT_ID } from "./tenant.ts";

export interface AgentFolderOptions {
  readonly folder: string;
  readonly apiUrl: string;
  readonly busUrl: string;
  readonly identity: Identity;
  readonly applications: Applications;
  readonly certificate: Leaf;
  readonly directory: LocalDirectory;
  readonly rootKey: PublicKey;
  /** Milliseconds for the directory; the agent's own limits without. */
  readonly timeouts?: {
    readonly connect: number;
    readonly search: number;
    readonly modify: number;
  };
  /** Members of the configuration that a test wants different. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

export interface AgentFolder {
  readonly configurationFile: string;
  /** The agent's entry of the trust list. */
  readonly entry: TrustedAgent;
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Writes what enrolment leaves on an agent's host: configuration, keys, secret of the account. */
export async function writeAgentFolder(options: AgentFolderOptions): Promise<AgentFolder> {
  const { folder, directory, certificate, applications } = options;
  await mkdir(join(folder, "keys"), { recursive: true, mode: 0o700 });
  const put = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 });
  const keys = await generateKeyPair("ECDH-ES+A256KW", { extractable: true });
  const encryptionKey = publicKey.parse(await exportJWK(keys.publicKey));
  await put("keys/encryption.jwk.json", asJson(await exportJWK(keys.privateKey)));
  await put("agent.pem", `${certificate.key}\n${certificate.certificate}\n`);
  await put("service-account.secret", SERVICE_ACCOUNT.password);
  const section = {
    domains: [
      {
        domainControllers: [{ url: directory.url, servername: directory.servername }],
        caFile: directory.caFile,
        baseDn: directory.baseDn,
        bindDn: userPrincipalName(SERVICE_ACCOUNT),
        passwordFile: "service-account.secret",
        sourceAnchorAttribute: "mS-DS-ConsistencyGuid",
        canary: userPrincipalName(CANARY),
        guard: { scope: { in: [STAFF_OU] } },
      },
    ],
    ...(options.timeouts && { timeouts: options.timeouts }),
  };
  // For agents that are enrolled later: they write to the same directory.
  await put("directory.json", asJson(section));
  const configurationFile = join(folder, "agent.json");
  await put(
    "agent.json",
    asJson({
      agentId: AGENT_ID,
      connector: CONNECTOR,
      tenantId: TENANT_ID,
      entra: {
        authority: options.identity.authority,
        clientId: applications.agent.clientId,
        certificateFile: "agent.pem",
      },
      api: { url: options.apiUrl, scope: `api://${API_CLIENT_ID}/.default` },
      relay: { namespace: NAMESPACE, endpoint: options.busUrl },
      rootKey: options.rootKey,
      keyFolder: "keys",
      dataDirectory: "data",
      directory: section,
      ...options.overrides,
    }),
  );
  return {
    configurationFile,
    entry: {
      id: AGENT_ID,
      servicePrincipal: applications.agent.objectId,
      connector: CONNECTOR,
      kid: await calculateJwkThumbprint(encryptionKey),
      encryptionKey,
      expires: Math.floor(Date.now() / 1_000) + AGENT_KEY_SECONDS,
    },
  };
}
