import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "../../../functions/log.ts";
import type { Parts } from "../../../functions/parts.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import { hostListener } from "../../../local/host/server.ts";
import {
  API_CLIENT_ID,
  type Applications,
  NAMESPACE,
  TENANT_ID,
} from "../../../local/stack/tenant.ts";
import { commandLine } from "../../../operator/commandLine.ts";
import type { Desk } from "../../../operator/desk.ts";
import { openDesk } from "../../../operator/openDesk.ts";
import type { EnrolmentMembers, EnrolmentRequest } from "../../../protocol/enrolment.ts";
import { newEnrolmentRequest } from "../../unit/protocol/newEnrolmentRequest.ts";
import { TestCloud } from "../functions/testCloud.ts";

/** What a command said, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

type Change = (desk: Desk) => Desk;

/** Addresses of what the operator's command talks to. */
export interface Peers {
  readonly authority: string;
  readonly vaultUrl: string;
  readonly apps: Applications;
}

/** An operator's workstation: a folder with a profile, and the command. */
export class Workstation {
  readonly folder: string;
  readonly profileFile: string;
  private readonly peers: Peers;

  private constructor(folder: string, peers: Peers) {
    this.folder = folder;
    this.profileFile = join(folder, "operator.json");
    this.peers = peers;
  }

  static async make(peers: Peers): Promise<Workstation> {
    return new Workstation(await mkdtemp(join(tmpdir(), "operator-")), peers);
  }

  /** Writes the profile. @param as whose certificate signs in */
  async profile(
    api: string,
    changes: Record<string, unknown> = {},
    as: "operator" | "agent" = "operator",
  ): Promise<void> {
    const { authority, vaultUrl, apps } = this.peers;
    const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
    const { key, certificate } = await certificates.leaf(as, [as], "rsa");
    await writeFile(join(this.folder, `${as}.pem`), `${key}\n${certificate}\n`, { mode: 0o600 });
    const profile = {
      version: 1,
      tenantId: TENANT_ID,
      authority,
      api,
      apiClientId: API_CLIENT_ID,
      vault: vaultUrl,
      relay: { namespace: NAMESPACE },
      caFile: certificates.caFile,
      certificate: { clientId: apps[as].clientId, file: `${as}.pem` },
      ...changes,
    };
    await writeFile(this.profileFile, JSON.stringify(profile));
  }

  /** Runs a command. @param change of what it works with, to fail or to keep time */
  async run(
    argv: readonly string[],
    change: Change = (desk) => desk,
    profileFile = this.profileFile,
  ): Promise<Ended> {
    const out: string[] = [];
    const errors: string[] = [];
    const code = await commandLine([...argv, "--profile", profileFile], {
      print: (text) => void out.push(text),
      complain: (text) => void errors.push(text),
      open: async (file, given) => change(await openDesk(file, given)),
    });
    return { code, out: out.join("\n"), errors: errors.join("\n") };
  }

  /** A request as an agent's host writes it. */
  async request(
    id: string,
    changes: Partial<EnrolmentMembers> = {},
  ): Promise<EnrolmentRequest & { readonly file: string }> {
    const { request } = await newEnrolmentRequest(id, changes);
    const file = join(this.folder, `${id}.${randomBytes(4).toString("hex")}.json`);
    await writeFile(file, JSON.stringify(request));
    return { ...request, file };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

const silent: Log = { info: () => {}, error: () => {} };

/** The API over TLS, as operators and agents call it. */
export async function serveOverTls(parts: Parts) {
  const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
  const { certificate: cert, key } = await certificates.leaf("api", ["127.0.0.1", "localhost"]);
  const server = createServer({ cert, key }, hostListener(parts, silent, {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A cloud half whose API is reached over TLS, and an operator's workstation for it. */
export async function startOperated() {
  const cloud = await TestCloud.start();
  const { half } = cloud;
  const api = await serveOverTls(half.running.parts);
  const desk = await Workstation.make({
    authority: half.identity.authority,
    vaultUrl: half.vault.url,
    apps: half.apps,
  });
  await desk.profile(api.url);
  return {
    cloud,
    api,
    desk,
    stop: async () => {
      await api.stop();
      await desk.remove();
      await half.stop();
    },
  };
}
