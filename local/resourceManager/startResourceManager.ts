import { z } from "zod";
import { parseJson } from "../../protocol/parseJson.ts";
import type { LocalCertificates } from "../certificates.ts";
import { type JsonAnswer, type JsonRequest, serveJson } from "../http/jsonServer.ts";
import { RESOURCE_MANAGER } from "../identity/resource.ts";
import type { VerifyToken } from "../vault/vaultAccess.ts";

/** Azure's names of what is done to the settings of a site. */
export type SiteAction =
  | "Microsoft.Web/sites/config/list/action"
  | "Microsoft.Web/sites/config/write";

export type SiteSettings = Readonly<Record<string, string>>;

export interface ResourceManagerOptions {
  readonly certificates: LocalCertificates;
  readonly verify: VerifyToken;
  /** Which identity (object id) may do what with the site. */
  readonly may: (objectId: string, action: SiteAction) => boolean;
  /** Resource id of the only site. */
  readonly site: string;
  readonly settings: SiteSettings;
  /** Told of new settings, as the platform starts a site anew with them. */
  readonly restart?: (settings: SiteSettings) => Promise<void>;
}

export interface ResourceManager {
  readonly url: string;
  /** As they are now. */
  readonly settings: SiteSettings;
  /** Lists and writes that were carried out. */
  readonly counters: { readonly lists: number; readonly writes: number };
  /** Replaces the settings, as somebody else does at the same time. */
  replace(settings: SiteSettings): void;
  stop(): Promise<void>;
}

const API_VERSION = /^\d{4}-\d{2}-\d{2}(-preview)?$/;
const settingsBody = z.object({ properties: z.record(z.string(), z.string()) });

const refusal = (status: number, code: string, message: string): JsonAnswer => ({
  status,
  body: { error: { code, message } },
});

/**
 * Starts the stand-in for the part of Azure Resource Manager that lists and replaces the settings
 * of one site (`sites/config` of `Microsoft.Web`). What is not in a `PUT` is gone, as in Azure.
 */
export async function startResourceManager(
  options: ResourceManagerOptions,
): Promise<ResourceManager> {
  const { certificates, verify, may, site, restart } = options;
  const counters = { lists: 0, writes: 0 };
  let { settings } = options;
  const path = `${site}/config/appsettings`;
  const shown = (): JsonAnswer => ({
    status: 200,
    body: {
      id: path,
      name: "appsettings",
      type: "Microsoft.Web/sites/config",
      properties: settings,
    },
  });

  const handle = async (request: JsonRequest): Promise<JsonAnswer> => {
    const caller = await callerOf(request, verify);
    if (caller === undefined)
      return refusal(401, "InvalidAuthenticationToken", "The access token is missing or invalid.");
    if (!API_VERSION.test(request.query.get("api-version") ?? ""))
      return refusal(400, "MissingApiVersionParameter", "The api-version query is required.");
    const action = actionOf(request, path);
    if (!action) return refusal(404, "ResourceNotFound", "The resource was not found.");
    if (!may(caller, action))
      return refusal(403, "AuthorizationFailed", `${caller} may not perform '${action}'.`);
    if (action === "Microsoft.Web/sites/config/list/action") {
      counters.lists += 1;
      return shown();
    }
    const given = settingsBody.safeParse(parseJson(request.body));
    if (!given.success) return refusal(400, "BadRequest", "The request body is not right.");
    settings = given.data.properties;
    counters.writes += 1;
    await restart?.(settings);
    return shown();
  };

  const server = await serveJson({ handle, tls: { certificates, name: "resourceManager" } });
  return {
    url: server.url,
    get settings() {
      return settings;
    },
    counters,
    replace: (others) => {
      settings = others;
    },
    stop: () => server.stop(),
  };
}

/** The resource's name is compared without regard to case, as Azure does. */
function actionOf({ method, path }: JsonRequest, settings: string): SiteAction | undefined {
  const asked = `${method} ${path.toLowerCase()}`;
  if (asked === `POST ${settings.toLowerCase()}/list`)
    return "Microsoft.Web/sites/config/list/action";
  return asked === `PUT ${settings.toLowerCase()}` ? "Microsoft.Web/sites/config/write" : undefined;
}

async function callerOf(request: JsonRequest, verify: VerifyToken): Promise<string | undefined> {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token) return undefined;
  const claims = await verify(token, RESOURCE_MANAGER).catch(() => undefined);
  return typeof claims?.oid === "string" ? claims.oid : undefined;
}
