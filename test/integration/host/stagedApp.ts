import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

type Binding = Readonly<Record<string, unknown>>;

/** What an app told the worker while it was loaded. */
export interface Registration {
  readonly registered: readonly {
    readonly name: string;
    readonly bindings: Readonly<Record<string, Binding>>;
  }[];
  readonly hooks: readonly string[];
  /** What the worker would tell the host of the app. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Whether stack traces are traced back to the sources. */
  readonly mapped: boolean;
}

/** A call as the Functions host hands it over. */
export interface StagedCall {
  readonly method: string;
  readonly path?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Where it is left out, the library reads it from the path. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Text of an error that reading the body ends with. */
  readonly breaksWith?: string;
}

export interface StagedAnswer {
  /** Not a number where a function gives no answer, such as a timer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly logged: readonly string[];
}

interface Message extends Partial<Registration> {
  readonly id?: number;
  readonly answer?: StagedAnswer;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (answer: StagedAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The built app in a process of its own, loaded and called as the Functions worker does it. */
export class StagedApp {
  readonly told: Registration;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;

  private constructor(child: ChildProcess, told: Registration) {
    this.child = child;
    this.told = told;
    child.on("message", ({ id = -1, answer, error }: Message) => {
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (answer) waiting?.resolve(answer);
      else waiting?.reject(new Error(error));
    });
    child.once("exit", () => {
      for (const { reject } of this.waiting.values()) reject(new Error("the worker ended"));
    });
  }

  /** @throws Error with what the app wrote, if it did not load */
  static async start(folder: string, settings: Readonly<Record<string, string>>) {
    const child = spawn(
      process.execPath,
      ["test/integration/host/worker.cjs", `${folder}/boot.cjs`],
      {
        stdio: ["ignore", "ignore", "pipe", "ipc"],
        env: { PATH: process.env.PATH, ...settings },
      },
    );
    let complaints = "";
    child.stderr?.on("data", (text) => {
      complaints += text;
    });
    const told = await Promise.race([
      once(child, "message").then(([message]) => message as Registration),
      once(child, "close").then(() => undefined),
    ]);
    if (told === undefined) throw new Error(`the app did not load: ${complaints}`);
    return new StagedApp(child, told);
  }

  /** Calls a function with an HTTP trigger. @throws Error if the function threw */
  call(name: string, { method, path, params, query, headers, body, breaksWith }: StagedCall) {
    const url = `https://writeback.contoso.example/${path ?? ""}`;
    const content = body === undefined ? {} : { body: { string: body } };
    return this.invoke(
      name,
      { http: { method, url, params, query, headers, ...content } },
      breaksWith,
    );
  }

  /** Runs a function with a timer trigger. @throws Error if the function threw */
  tick(name: string): Promise<StagedAnswer> {
    return this.invoke(name, { json: JSON.stringify({ IsPastDue: false }) });
  }

  /** Lets the app end itself. @returns the exit code */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const ended = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const [code] = await ended;
    return code;
  }

  private invoke(name: string, data: unknown, breaksWith?: string): Promise<StagedAnswer> {
    this.next += 1;
    const id = this.next;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, name, data, breaksWith });
    });
  }
}
