import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalCertificates } from "../certificates.ts";
import { endWithParent } from "../endWithParent.ts";

export interface TablesOptions {
  readonly certificates: LocalCertificates;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Where rows outlive a restart; in memory without it. */
  readonly folder?: string;
  /** How long Azurite may take to answer, in milliseconds; 30 s by default. */
  readonly startTimeoutMs?: number;
  /** Told when Azurite ends without having been asked to. */
  readonly onLost?: (() => void) | undefined;
}

export interface Tables {
  /** Account address for `TableClient`. */
  readonly url: string;
  readonly pid: number;
  /** Ends Azurite after it has written what it holds. */
  readonly stop: () => Promise<void>;
}

const HOST = "127.0.0.1";
const ACCOUNT = "devstoreaccount1";
const STARTED = "successfully started";
const STOP_TIMEOUT_MS = 3000;
const PORT_ATTEMPTS = 5;

/** Azurite gets the time to write what it holds, as after a message. */
const END_WITH_PARENT = endWithParent(`
    process.emit("message", "shutdown");
    setTimeout(() => process.exit(), ${STOP_TIMEOUT_MS}).unref();`);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function argumentsFor(options: TablesOptions, port: number): Promise<string[]> {
  const leaf = await options.certificates.leaf("tables", [HOST, "localhost"]);
  const fromRoot = createRequire(join(process.cwd(), "package.json"));
  return [
    ...["--import", END_WITH_PARENT, fromRoot.resolve("azurite/dist/src/table/main.js")],
    ...["--tableHost", HOST, "--tablePort", String(port), "--oauth", "basic"],
    ...["--cert", leaf.certificateFile, "--key", leaf.keyFile],
    ...["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--disableProductStyleUrl"],
    ...(options.folder ? ["--location", options.folder] : ["--inMemoryPersistence"]),
  ];
}

/** Resolves when Azurite says that it listens; what it writes after that is dropped. */
async function started(child: ChildProcess, timeoutMs: number): Promise<void> {
  let said = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (reason: string) => reject(new Error(`Azurite did not start: ${reason}\n${said}`));
  const hear = (text: Buffer) => {
    said += text;
    if (said.includes(STARTED)) resolve();
  };
  const onError = (error: Error) => fail(error.message);
  const onExit = (code: number | null) => fail(`exit code ${code}`);
  const timer = setTimeout(fail, timeoutMs, `no answer in ${timeoutMs} ms`);
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  child.on("error", onError);
  // All that it wrote has been read at `close`, not yet at `exit`.
  child.once("close", onExit);
  try {
    await promise;
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(timer);
    child.off("close", onExit);
    child.stdout?.off("data", hear).resume();
    child.stderr?.off("data", hear).resume();
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (child.connected) child.send("shutdown", () => {});
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

async function launch(options: TablesOptions, port: number): Promise<Tables> {
  // A process group of its own: Ctrl-C reaches it only by way of `stop`, after those who use it.
  const child = spawn(process.execPath, await argumentsFor(options, port), {
    cwd: options.folder ?? tmpdir(),
    detached: true,
    env: { ...process.env, AZURITE_ACCOUNTS: undefined },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  await started(child, options.startTimeoutMs ?? 30_000);
  const tell = () => options.onLost?.();
  child.once("exit", tell);
  return {
    url: `https://${HOST}:${port}/${ACCOUNT}`,
    pid: child.pid as number,
    stop: () => stop(child.off("exit", tell)),
  };
}

/**
 * Starts Azurite's table service on loopback: HTTPS, Entra tokens only by their form (it checks
 * times, issuer and audience, not the signature), no telemetry.
 * @throws if it doesn't start; the text has what Azurite wrote.
 */
export async function startTables(options: TablesOptions): Promise<Tables> {
  if (options.folder) await mkdir(options.folder, { recursive: true, mode: 0o700 });
  if (options.port) return launch(options, options.port);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(options, await freePort());
    } catch (error) {
      // Another process can take the free port first.
      const taken = error instanceof Error && error.message.includes("EADDRINUSE");
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}
