import type { DirectoryConnection } from "../../../../agent/directory/connection.ts";
import { DirectoryError } from "../../../../agent/directory/directoryError.ts";
import { DomainController } from "../../../../agent/directory/domainController.ts";
import type { RootDse } from "../../../../agent/directory/rootDse.ts";

const SETTINGS_OF = "CN=NTDS Settings,CN=";

/** As much of a connection as pool and choice look at. */
export class FakeConnection {
  usable = true;
  closed = false;
  readonly rootDse: RootDse;
  private readonly host: FakeHost;

  constructor(host: FakeHost) {
    this.host = host;
    this.rootDse = host.rootDse();
  }

  async refresh(): Promise<RootDse> {
    await this.host.reach();
    Object.assign(this.rootDse, this.host.rootDse());
    return this.rootDse;
  }

  async look(): Promise<object> {
    await this.host.reach();
    return { dn: "DC=corp", fSMORoleOwner: `${SETTINGS_OF}${this.host.network.pdc.toUpperCase()}` };
  }

  close(): void {
    this.usable = false;
    this.closed = true;
  }
}

/** What all hosts of a test share. */
export interface FakeNetwork {
  /** Name of the PDC emulator. */
  pdc: string;
  /** Milliseconds of the steady clock. */
  now: number;
}

/** A domain controller that a test makes fail, hang, or say what it likes of itself. */
export class FakeHost {
  readonly opened: FakeConnection[] = [];
  readonly name: string;
  readonly network: FakeNetwork;
  readonly controller: DomainController;
  state: "up" | "down" | "hanging" = "up";
  isReadOnly = false;
  isSynchronized = true;
  /** Attempts to connect. */
  dialled = 0;
  /** Result code of a refused bind. */
  bindRefusal: number | undefined;
  private readonly hanging: Array<() => void> = [];

  constructor(name: string, network: FakeNetwork, idleMs = 60_000) {
    this.name = name;
    this.network = network;
    this.controller = new DomainController({
      idleMs,
      now: () => network.now,
      open: async () => {
        this.dialled += 1;
        await this.reach();
        const connection = new FakeConnection(this);
        this.opened.push(connection);
        return connection as unknown as DirectoryConnection;
      },
    });
  }

  rootDse(): RootDse {
    return {
      server: this.name,
      domain: "DC=corp",
      settingsName: `${SETTINGS_OF}${this.name}`,
      isReadOnly: this.isReadOnly,
      isSynchronized: this.isSynchronized,
      samba: false,
      supportedControls: new Set(),
      ownSids: undefined,
      currentTime: undefined,
    };
  }

  /** Ends what hangs. */
  recover(): void {
    this.state = "up";
    for (const go of this.hanging.splice(0)) go();
  }

  async reach(): Promise<void> {
    if (this.state === "hanging") await new Promise<void>((go) => this.hanging.push(go));
    const evidence = this.bindRefusal === undefined ? {} : { resultCode: this.bindRefusal };
    if (this.state === "down" || this.bindRefusal !== undefined)
      throw new DirectoryError("directoryUnreachable", { server: this.name, ...evidence });
  }
}
