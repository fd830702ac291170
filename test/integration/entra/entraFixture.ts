import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine } from "../../../infra/entra/commandLine.ts";
import { openDesk } from "../../../infra/entra/openDesk.ts";
import { RIGHTS, ROLE_ASSIGNABLE_GROUP } from "../../../infra/entra/rights.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { Application } from "../../../local/identity/application.ts";
import type { GraphPerson } from "../../../local/identity/people.ts";
import { GRAPH } from "../../../local/identity/resource.ts";
import { type Identity, startIdentity } from "../../../local/identity/startIdentity.ts";
import { enrolmentFingerprint } from "../../../protocol/enrolment.ts";
import { newEnrolmentRequest } from "../../unit/protocol/newEnrolmentRequest.ts";

export const TENANT = "7c1d6a52-9a3e-4a0f-8a55-0d6f2f3b9e02";
/** The functions' managed identity. */
export const FUNCTIONS: Application = {
  clientId: "b3a0d7de-11aa-4c6e-9d0f-000000000012",
  objectId: "b3a0d7de-11aa-4c6e-9d0f-0000000000b2",
  name: "functions",
  managedIdentity: true,
};
const ADMINISTRATOR: Application = {
  clientId: "b3a0d7de-11aa-4c6e-9d0f-000000000013",
  objectId: "b3a0d7de-11aa-4c6e-9d0f-0000000000b3",
  name: "who sets up the tenant",
};
/** What `docs/entra.md` says that the script takes. */
export const SETUP_PERMISSIONS: readonly string[] = [...RIGHTS, ROLE_ASSIGNABLE_GROUP].map(
  ({ permission }) => permission,
);

/** Members of a profile that has the command do all it can. */
export const EVERYTHING = {
  groups: { operators: "make", helpdesk: "make", people: "make" },
  azureCli: true,
} as const;

/** What a command said, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Somebody for the functions to look up. */
export const SYNCED: GraphPerson = {
  id: "5a3f1c00-0000-4000-8000-0000000000e1",
  userPrincipalName: "alex@corp.example",
  accountEnabled: true,
  onPremisesSyncEnabled: true,
};

/** A tenant in which nothing is set up, and a workstation with the script. */
export interface SetupPlace {
  readonly identity: Identity;
  readonly profileFile: string;
  /** How often the script has waited for what was not there yet. */
  readonly waits: readonly number[];
  run(...argv: readonly string[]): Promise<Ended>;
  /** Changes members of the profile. */
  change(members: Readonly<Record<string, unknown>>): Promise<void>;
  /** A request as an agent's host writes it. */
  request(id: string): Promise<RequestFile>;
  /** A file beside the profile. @returns its path */
  write(name: string, text: string): Promise<string>;
  stop(): Promise<void>;
}

export interface RequestFile {
  readonly file: string;
  readonly fingerprint: string;
  /** Base64 of the certificate's bytes. */
  readonly key: string;
  /** Key and certificate of the agent's host in one file. */
  readonly pemFile: string;
}

/** @param permissions of Graph that whoever runs the script has */
export async function startSetupPlace(
  permissions: readonly string[] = SETUP_PERMISSIONS,
): Promise<SetupPlace> {
  const folder = await mkdtemp(join(tmpdir(), "entra-"));
  const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  const { key, certificate } = await certificates.leaf("operator", ["operator"], "rsa");
  const administrator = {
    ...ADMINISTRATOR,
    certificates: [certificate],
    appRoles: { [GRAPH]: permissions },
  };
  const identity = await startIdentity({
    certificates,
    tenantId: TENANT,
    applications: [FUNCTIONS, administrator],
    people: [SYNCED],
  });
  await writeFile(join(folder, "entra.pem"), `${key}\n${certificate}\n`, { mode: 0o600 });
  const profileFile = join(folder, "entra.json");
  const profile = {
    version: 1,
    tenantId: TENANT,
    authority: identity.authority,
    graph: identity.graphUrl,
    caFile: certificates.caFile,
    certificate: { clientId: ADMINISTRATOR.clientId, file: "entra.pem" },
  };
  await writeFile(profileFile, JSON.stringify(profile));
  const waits: number[] = [];
  return {
    identity,
    profileFile,
    waits,
    run: async (...argv) => {
      const out: string[] = [];
      const errors: string[] = [];
      const code = await commandLine([...argv, "--profile", profileFile], {
        print: (text) => void out.push(text),
        complain: (text) => void errors.push(text),
        open: (file, manner) =>
          openDesk(file, { ...manner, sleep: async (ms) => void waits.push(ms) }),
      });
      return { code, out: out.join("\n"), errors: errors.join("\n") };
    },
    change: (members) => writeFile(profileFile, JSON.stringify({ ...profile, ...members })),
    request: (id) => writeRequest(folder, id),
    write: async (name, text) => {
      const file = join(folder, name);
      await writeFile(file, text, { mode: 0o600 });
      return file;
    },
    stop: async () => {
      await identity.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function writeRequest(folder: string, id: string): Promise<RequestFile> {
  const { request, leaf } = await newEnrolmentRequest(id);
  const file = join(folder, `${id}.${randomBytes(4).toString("hex")}.json`);
  await writeFile(file, JSON.stringify(request));
  const pemFile = `${file}.pem`;
  await writeFile(pemFile, `${leaf.key}\n${leaf.certificate}\n`, { mode: 0o600 });
  return {
    file,
    pemFile,
    fingerprint: enrolmentFingerprint(request),
    key: leaf.certificate.replace(/-----[^-]+-----|\s/g, ""),
  };
}
