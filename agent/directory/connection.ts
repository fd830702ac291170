import { connect, type TLSSocket } from "node:tls";
import { within } from "@password-writeback/protocol/within.ts";
import { type Change, Client, type Control, type Entry, type SearchOptions } from "ldapts";
import { AnswerCheck } from "./answerCheck.ts";
import { DirectoryError } from "./directoryError.ts";
import { DomainScope } from "./domainScope.ts";
import { TICKS_PER_MS } from "./fileTime.ts";
import { evidenceOf, type Refusal, refusalOf } from "./refusal.ts";
import { ROOT_DSE_SEARCH, type RootDse, readRootDse } from "./rootDse.ts";

/** Where the directory is and how patient the agent is with it. */
export interface ConnectionSettings {
  /** `ldaps://HOST:PORT` */
  readonly url: string;
  /** Name on the server's certificate, where it is not the host of the URL. */
  readonly servername?: string | undefined;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
  /** Distinguished name or UPN of the agent's account. */
  readonly bindDn: string;
  /** Milliseconds. */
  readonly timeouts: { readonly connect: number; readonly search: number; readonly modify: number };
}

/** How a modify ended: committed, refused by the directory, or nobody can say. */
export type WriteResult =
  | { readonly kind: "applied" }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "unknown" };

const KEEP_ALIVE_MS = 15_000;
/** operationsError (no longer bound), busy, unavailable: the next job takes another connection. */
const UNHEALTHY: ReadonlySet<number> = new Set([1, 51, 52]);
const REFERRAL = 10;

/**
 * One bound connection to one domain controller, for one user at a time. It never reconnects: the
 * client library would do so without credentials. Whatever is not an answer with a result code
 * ends it, since the library's parser may hold half a message.
 */
export class DirectoryConnection {
  private readonly client: Client;
  private readonly settings: ConnectionSettings;
  private readonly answers = new AnswerCheck();
  private socket: TLSSocket | undefined;
  private known: RootDse | undefined;
  private knownSince = 0;
  private closed = false;

  private constructor(settings: ConnectionSettings) {
    this.settings = settings;
    this.client = new Client({
      url: settings.url,
      timeout: settings.timeouts.modify,
      connectTimeout: settings.timeouts.connect,
      tlsOptions: {
        minVersion: "TLSv1.2",
        // Said aloud: the standard is what NODE_TLS_REJECT_UNAUTHORIZED says.
        rejectUnauthorized: true,
        ...(settings.ca !== undefined && { ca: [settings.ca] }),
        ...(settings.servername !== undefined && { servername: settings.servername }),
      },
      createSecureConnection: ((port: number, host: string, options: object) =>
        this.dial(port, host, options)) as typeof connect,
    });
  }

  /**
   * Connects, binds and reads what the server says of itself.
   * @throws DirectoryError `directoryUnreachable`, with the result code of a refused bind
   */
  static async open(settings: ConnectionSettings, password: string): Promise<DirectoryConnection> {
    const connection = new DirectoryConnection(settings);
    // An empty password would be an anonymous bind, which servers answer with success.
    if (password === "") throw connection.unreachable();
    const { connect: connecting, search } = settings.timeouts;
    await connection.definite(
      connecting + search,
      connection.client.bind(settings.bindDn, password),
    );
    await connection.refresh();
    return connection;
  }

  /**
   * Reads anew what the server says of itself.
   * @throws DirectoryError `directoryUnreachable`
   */
  async refresh(): Promise<RootDse> {
    const [entry] = await this.search("", ROOT_DSE_SEARCH);
    this.knownSince = performance.now();
    this.known = readRootDse(entry ?? { dn: "" }, new URL(this.settings.url).hostname);
    return this.known;
  }

  /** What the server last said of itself on this connection. */
  get rootDse(): RootDse {
    if (!this.known) throw this.unreachable();
    return this.known;
  }

  /** What the server's clock says now, as a FILETIME: its last word, and the time since. */
  get directoryTime(): bigint | undefined {
    const ms = performance.now() - this.knownSince;
    const since = BigInt(Math.floor(ms * Number(TICKS_PER_MS)));
    return this.known?.currentTime === undefined ? undefined : this.known.currentTime + since;
  }

  /** Whether it is still bound. A dead peer shows only at the next read. */
  get usable(): boolean {
    return !this.closed && this.client.isBound;
  }

  /**
   * Searches this domain controller alone: referrals are not followed, and not asked for.
   * @throws DirectoryError `directoryUnreachable`, with the result code where the server gave one;
   * `directoryReferral`: it names another one for this
   */
  async search(
    base: string,
    options: SearchOptions,
    controls: readonly Control[] = [],
  ): Promise<Entry[]> {
    this.assertBound();
    const { searchEntries } = await this.definite(
      this.settings.timeouts.search,
      this.client.search(base, options, [...controls, ...this.controlsOf(options)]),
    );
    return searchEntries;
  }

  /**
   * Reads one object that may be hidden from the agent's account.
   * @returns undefined where the directory refuses or shows nothing
   * @throws DirectoryError `directoryUnreachable`
   */
  async look(dn: string, attributes: string[]): Promise<Entry | undefined> {
    this.assertBound();
    const options: SearchOptions = { scope: "base", filter: "(objectClass=*)", attributes };
    const refused = (error: unknown) => {
      const refusal = refusalOf(error);
      if (!refusal || UNHEALTHY.has(refusal.resultCode)) throw error;
      return undefined;
    };
    const found = await this.definite(
      this.settings.timeouts.search,
      this.client.search(dn, options).catch(refused),
    );
    return found?.searchEntries[0];
  }

  /**
   * Sends one modify, once.
   * @throws DirectoryError `directoryUnreachable` only where nothing was sent
   */
  async modify(dn: string, changes: Change[], controls: Control[]): Promise<WriteResult> {
    this.assertBound();
    try {
      await within(this.settings.timeouts.modify, this.client.modify(dn, changes, controls));
      if (this.answers.isModifyAnswered) return { kind: "applied" };
      this.close();
      return { kind: "unknown" };
    } catch (error) {
      const refusal = this.answers.isModifyAnswered ? refusalOf(error) : undefined;
      if (!refusal || UNHEALTHY.has(refusal.resultCode)) this.close();
      return refusal ? { kind: "refused", refusal } : { kind: "unknown" };
    }
  }

  /** Ends it at once; pending operations fail. */
  close(): void {
    this.closed = true;
    this.socket?.destroy();
  }

  private async definite<T>(milliseconds: number, operation: Promise<T>): Promise<T> {
    try {
      return await within(milliseconds, operation);
    } catch (error) {
      const refusal = refusalOf(error);
      this.close();
      throw this.unreachable(refusal);
    }
  }

  /** References to other domains come only where the search goes below its base. */
  private controlsOf({ scope }: SearchOptions): Control[] {
    const isKnown = this.known?.supportedControls.has(DomainScope.OID) ?? false;
    return scope !== "base" && isKnown ? [new DomainScope()] : [];
  }

  private assertBound(): void {
    if (this.usable) return;
    this.close();
    throw this.unreachable();
  }

  private unreachable(refusal?: Refusal): DirectoryError {
    const server = this.known?.server ?? new URL(this.settings.url).hostname;
    const code = refusal?.resultCode === REFERRAL ? "directoryReferral" : "directoryUnreachable";
    return new DirectoryError(code, { server, ...(refusal && evidenceOf(refusal)) });
  }

  private dial(port: number, host: string, options: object): TLSSocket {
    if (this.socket) throw new Error("a connection is never reopened");
    this.socket = connect(port, host, options);
    this.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.socket.setNoDelay(true);
    letThrough(this.socket, (chunk) => this.answers.take(chunk));
    return this.socket;
  }
}

/**
 * Ends a connection at the first bytes that are not as they must be, before whoever listens on the
 * socket gets them.
 */
function letThrough(socket: TLSSocket, isGood: (chunk: Buffer) => boolean): void {
  const emit = socket.emit.bind(socket) as (event: string, ...values: unknown[]) => boolean;
  socket.emit = (event: string, ...values: unknown[]): boolean => {
    const [chunk] = values;
    if (event !== "data" || !Buffer.isBuffer(chunk) || isGood(chunk)) return emit(event, ...values);
    socket.destroy();
    return false;
  };
}
