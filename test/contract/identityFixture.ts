import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../local/certificates.ts";
import type { Application } from "../../local/identity/application.ts";
import type { GraphPerson } from "../../local/identity/people.ts";
import { GRAPH } from "../../local/identity/resource.ts";
import { type Identity, startIdentity } from "../../local/identity/startIdentity.ts";

export const TENANT = "7c1d6a52-9a3e-4a0f-8a55-0d6f2f3b9e01";

export const API: Application = {
  clientId: "b3a0d7de-11aa-4c6e-9d0f-000000000001",
  objectId: "b3a0d7de-11aa-4c6e-9d0f-0000000000a1",
  name: "Password Writeback",
};
export const FUNCTIONS: Application = {
  clientId: "b3a0d7de-11aa-4c6e-9d0f-000000000002",
  objectId: "b3a0d7de-11aa-4c6e-9d0f-0000000000a2",
  name: "functions",
  managedIdentity: true,
  appRoles: { [GRAPH]: ["User.Read.All", "GroupMember.Read.All"] },
};
/** Its `certificates` are put in by `startTenant`. */
export const AGENT: Application = {
  clientId: "b3a0d7de-11aa-4c6e-9d0f-000000000003",
  objectId: "b3a0d7de-11aa-4c6e-9d0f-0000000000a3",
  name: "agent-1",
  appRoles: { [API.clientId]: ["Agent.Heartbeat"] },
};

export const SYNCED: GraphPerson = {
  id: "5a3f1c00-0000-4000-8000-0000000000f1",
  userPrincipalName: "alex@corp.example",
  displayName: "Alex Moreau",
  accountEnabled: true,
  onPremisesSyncEnabled: true,
  onPremisesImmutableId: "wP/uAAAAAAD+gP8AAAAAEQ==",
  onPremisesSecurityIdentifier: "S-1-5-21-1-2-3-1104",
  onPremisesDomainName: "corp.example",
  onPremisesSamAccountName: "alex",
  userType: "Member",
};
export const CLOUD_ONLY: GraphPerson = {
  id: "5a3f1c00-0000-4000-8000-0000000000f2",
  userPrincipalName: "cleo@corp.example",
  accountEnabled: true,
};

export interface Tenant {
  readonly identity: Identity;
  readonly certificates: LocalCertificates;
  readonly folder: string;
  /** Key and certificate of the agent in one PEM, as the credential class reads it. */
  readonly agentPem: string;
  /** A second client certificate that no application has registered. */
  readonly strangerPem: string;
  stop(): Promise<void>;
}

export async function startTenant(clock: () => number = Date.now): Promise<Tenant> {
  const folder = await mkdtemp(join(tmpdir(), "identity-"));
  const certificates = await LocalCertificates.open(join(folder, "certificates"));
  const agent = await certificates.leaf("agent", ["agent-1"], "rsa");
  const stranger = await certificates.leaf("stranger", ["agent-1"], "rsa");
  const identity = await startIdentity({
    certificates,
    tenantId: TENANT,
    applications: [API, FUNCTIONS, { ...AGENT, certificates: [agent.certificate] }],
    people: [SYNCED, CLOUD_ONLY],
    clock,
  });
  return {
    identity,
    certificates,
    folder,
    agentPem: `${agent.key}\n${agent.certificate}`,
    strangerPem: `${stranger.key}\n${stranger.certificate}`,
    async stop() {
      await identity.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
