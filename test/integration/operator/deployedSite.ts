import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { readConfiguration } from "../../../functions/configuration.ts";
import type { Log } from "../../../functions/log.ts";
import { buildParts, type RunningParts } from "../../../functions/parts.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import { hostListener } from "../../../local/host/server.ts";
import {
  type ResourceManager,
  type SiteAction,
  type SiteSettings,
  startResourceManager,
} from "../../../local/resourceManager/startResourceManager.ts";
import type { Azure } from "../../../local/stack/startAzure.ts";

export const SITE_ID =
  "/subscriptions/7d3c2f10-0000-4000-8000-00000000c001/resourceGroups/rg-contoso" +
  "/providers/Microsoft.Web/sites/func-contoso";

const silent: Log = { info: () => {}, error: () => {} };
const nobody: RequestListener = (_request, response) => response.writeHead(404).end();

/** A site as it is deployed: it answers 404 until its settings let the functions start. */
export class DeployedSite {
  readonly url: string;
  readonly manager: ResourceManager;
  private readonly server: ReturnType<typeof createServer>;
  private listener = nobody;
  private running: RunningParts | undefined;

  private constructor(server: ReturnType<typeof createServer>, manager: ResourceManager) {
    this.server = server;
    this.manager = manager;
    this.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => this.listener(request, response));
  }

  static async deploy(
    { identity, settings: { ROOT_PUBLIC_KEY: _, ...settings } }: Azure,
    more: SiteSettings,
    may: (objectId: string, action: SiteAction) => boolean,
  ): Promise<DeployedSite> {
    process.env.IDENTITY_ENDPOINT = identity.managedIdentityEndpoint;
    process.env.IDENTITY_HEADER = identity.managedIdentityHeader;
    const certificates = await LocalCertificates.open(join(process.cwd(), ".local/certificates"));
    const { certificate: cert, key } = await certificates.leaf("api", ["127.0.0.1", "localhost"]);
    const server = createServer({ cert, key });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const manager = await startResourceManager({
      certificates,
      verify: identity.verify,
      may,
      site: SITE_ID,
      settings: { ...settings, ...more },
    });
    return new DeployedSite(server, manager);
  }

  /** The platform has started the site with the settings as they are now. */
  async start(): Promise<void> {
    this.running = buildParts(readConfiguration(this.manager.settings), silent);
    this.listener = hostListener(this.running.parts, silent, {});
    await this.running.start().catch(() => {});
  }

  async stop(): Promise<void> {
    await this.manager.stop();
    await this.running?.stop();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
