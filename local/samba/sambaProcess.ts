import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";

const STOP_MS = 5_000;

/**
 * One running Samba. It reads standard input, a pipe, and ends when that closes: however this
 * process ends, it leaves none behind. A group of its own keeps Ctrl-C from ending it early.
 */
export class SambaProcess {
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly onExit = (): void => this.signal("SIGKILL");

  /** @param command leads to Samba by `exec` all the way, so that it keeps the process id */
  constructor(command: readonly string[], logFile: string) {
    const [file = "", ...args] = command;
    const log = openSync(logFile, "a");
    this.child = spawn(file, args, { stdio: ["pipe", log, log], detached: true });
    closeSync(log);
    this.child.stdin?.on("error", () => {});
    this.exited = new Promise((resolve) => {
      this.child.once("error", () => resolve());
      this.child.once("exit", () => resolve());
    });
    process.once("exit", this.onExit);
    void this.exited.then(() => process.off("exit", this.onExit));
  }

  get hasEnded(): boolean {
    return (
      this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null
    );
  }

  /** Lets it finish; after some seconds ends it by force. */
  async stop(): Promise<void> {
    this.thaw();
    this.child.stdin?.end();
    const patience = setTimeout(() => this.signal("SIGKILL"), STOP_MS);
    await this.exited;
    clearTimeout(patience);
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.exited;
  }

  freeze(): void {
    this.signal("SIGSTOP");
  }

  thaw(): void {
    this.signal("SIGCONT");
  }

  private signal(name: NodeJS.Signals): void {
    if (this.hasEnded || this.child.pid === undefined) return;
    process.kill(-this.child.pid, name);
  }
}
