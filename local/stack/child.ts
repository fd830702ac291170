import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { endWithParent } from "../endWithParent.ts";

export interface ChildOptions {
  /** Script and arguments, for this process's own Node. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** File that gets what the process writes. */
  readonly logFile: string;
}

/** Milliseconds a process has to end by itself. */
const STOP_MS = 11_000;
const END_WITH_PARENT = endWithParent('process.kill(process.pid, "SIGTERM");');

/** A process of the stack, started as it would be in production. */
export class Child {
  private readonly process: ChildProcess;
  private readonly ended: Promise<void>;

  constructor({ command, environment, logFile }: ChildOptions) {
    const log = openSync(logFile, "a", 0o600);
    // A group of its own, so that Ctrl-C reaches it by way of `stop` only, in the right order.
    this.process = spawn(process.execPath, ["--import", END_WITH_PARENT, ...command], {
      stdio: ["ignore", log, log, "ipc"],
      detached: true,
      env: { PATH: process.env.PATH, TZ: process.env.TZ, ...environment },
    });
    closeSync(log);
    this.ended = new Promise((resolve) => this.process.once("exit", () => resolve()));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  onEnd(tell: () => void): void {
    this.process.once("exit", tell);
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Asks it to end, and makes it after 11 seconds. @returns the exit code */
  async stop(): Promise<number | null> {
    if (this.running) {
      this.process.kill("SIGTERM");
      const timer = setTimeout(() => this.process.kill("SIGKILL"), STOP_MS);
      await this.ended;
      clearTimeout(timer);
    }
    return this.process.exitCode;
  }
}
