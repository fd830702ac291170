import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

export interface ChildGroupOptions {
  readonly folder: string;
  /** Gets what they write. */
  readonly logFile: string;
  /** Beside what this process has. */
  readonly environment?: NodeJS.ProcessEnv;
}

const STOP_MS = 20_000;

/** A command with everything that it starts in turn: all of it ends together. */
export class ChildGroup {
  private readonly process: ChildProcess;
  private readonly ended: Promise<void>;
  private failure: string | undefined;
  private readonly leave = (): void => this.signal("SIGINT");

  constructor(
    [command, ...options]: readonly [string, ...string[]],
    { folder, logFile, environment }: ChildGroupOptions,
  ) {
    const log = openSync(logFile, "a", 0o600);
    this.process = spawn(command, options, {
      cwd: folder,
      stdio: ["ignore", log, log],
      detached: true,
      env: { ...process.env, ...environment },
    });
    closeSync(log);
    process.once("exit", this.leave);
    this.ended = new Promise((resolve) => {
      this.process.once("exit", () => resolve());
      this.process.once("error", (error: NodeJS.ErrnoException) => {
        this.failure = `${command} cannot be started: ${error.code}`;
        resolve();
      });
    });
  }

  /** Why it does not run any more; undefined as long as it does. */
  get end(): string | undefined {
    const { exitCode, signalCode } = this.process;
    if (this.failure !== undefined) return this.failure;
    if (exitCode === null && signalCode === null) return undefined;
    return `it has ended with ${exitCode ?? signalCode}`;
  }

  /** As Ctrl-C would; who has not ended after 20 seconds is made to. */
  async stop(): Promise<void> {
    this.signal("SIGINT");
    const timer = setTimeout(() => this.signal("SIGKILL"), STOP_MS);
    await this.ended;
    clearTimeout(timer);
    process.off("exit", this.leave);
    this.signal("SIGKILL");
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.process.pid === undefined) return;
    try {
      process.kill(-this.process.pid, signal);
    } catch {
      return;
    }
  }
}
