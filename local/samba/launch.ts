import { readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { LocalCertificates } from "../certificates.ts";
import { DC_HOST } from "../samples.ts";
import { enter } from "./enter.ts";
import { freeLoopbackAddress } from "./loopbackAddress.ts";
import { type NamespaceDoor, openDoor, withDoor } from "./namespaceDoor.ts";
import type { PreparedSamba } from "./prepareSamba.ts";
import { SambaProcess } from "./sambaProcess.ts";
import { serverFolder } from "./serverFolder.ts";
import { waitForTls } from "./waitForTls.ts";

const START_MS = 15_000;
/** Another process may take an address between the moment we looked and the start. */
const ATTEMPTS = 3;
const LOG_CHARACTERS = 2_000;

/** A server that answers. */
export interface LaunchedSamba {
  readonly host: string;
  readonly port: number;
  readonly process: SambaProcess;
  /** Where its databases and its configuration are, as Samba sees it. */
  readonly folder: string;
  /** Closes what leads to the server and removes its files, once it has ended. */
  remove(): Promise<void>;
}

const seenInside = (folder: string): string => `/dc/${basename(folder)}`;

const command = (folder: string): string[] => [
  "samba",
  "-i",
  "-M",
  "single",
  "-s",
  `${seenInside(folder)}/smb.conf`,
];

async function logTail(folder: string): Promise<string> {
  const text = await readFile(join(folder, "log.samba"), "utf8").catch(() => "");
  return text.slice(-LOG_CHARACTERS).trim();
}

async function launchOnce(
  prepared: PreparedSamba,
  certificates: LocalCertificates,
): Promise<LaunchedSamba | Error> {
  const own = prepared.means === "namespaces";
  const address = own ? "127.0.0.1" : await freeLoopbackAddress();
  const certificate = await certificates.leaf("dc1", [DC_HOST]);
  const folder = await serverFolder({ ...prepared, address, certificate, ca: certificates.ca });
  const inside = own ? withDoor(folder, command(folder)) : command(folder);
  const line = enter(prepared.means, prepared.root, inside);
  const running = new SambaProcess(line, join(folder, "log.samba"));
  const door: NamespaceDoor | undefined = own ? await openDoor(folder) : undefined;
  const { host, port } = door ?? { host: address, port: 636 };
  const remove = async (): Promise<void> => {
    await door?.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const target = { host, port, servername: DC_HOST, ca: certificates.ca };
    const answers = await waitForTls(target, () => running.hasEnded, START_MS);
    if (answers) return { host, port, process: running, folder: seenInside(folder), remove };
  } catch (error) {
    await running.kill();
    await remove();
    throw error;
  }
  const reason = await logTail(folder);
  await remove();
  return new Error(`Samba ended before it answered: ${reason}`);
}

/**
 * Starts a server on a fresh copy of the provisioned domain and waits until it answers (0.2 s).
 *
 * @throws Error with the end of its log, if it does not
 */
export async function launch(
  prepared: PreparedSamba,
  certificates: LocalCertificates,
): Promise<LaunchedSamba> {
  for (let attempt = 1; ; attempt += 1) {
    const launched = await launchOnce(prepared, certificates);
    if (!(launched instanceof Error)) return launched;
    if (attempt === ATTEMPTS) throw launched;
  }
}
