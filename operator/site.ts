import type { TokenCredential } from "@azure/identity";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { type PublicKey, publicKey } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";
import { openCalls } from "../workstation/calls.ts";
import { CommandError } from "../workstation/commandError.ts";
import { managementScope } from "./resourceManager.ts";

/** Resource id of a function app. */
export const siteId = z
  .string()
  .regex(
    new RegExp(
      "^/subscriptions/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}" +
        "/resourceGroups/[\\w.()-]{0,89}[\\w()-]" +
        "/providers/Microsoft\\.Web/sites/[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$",
      "i",
    ),
  );

/** The version that the templates use for the site, too. */
export const SITE_API_VERSION = "2025-03-01";
export const ROOT_KEY_SETTING = "ROOT_PUBLIC_KEY";
const CALL_MS = 60_000;
/** Codes are letters only: nothing else of a refusal is repeated. */
const CODE = /^[A-Za-z]{1,64}$/;

const settingsBody = z.object({
  properties: z.record(z.string().max(1_024), z.string().max(65_536).nullable()),
});
type Settings = z.infer<typeof settingsBody>["properties"];
const refusal = z.object({ error: z.object({ code: z.string().regex(CODE) }) });

/** Whoever is signed in may not see, or not change, the settings of the site. */
export class SiteRefusedError extends CommandError {}

/** The functions' site in Azure. Everything throws CommandError. */
export interface Site {
  readonly name: string;
  /** The root key in the site's settings; undefined where they have none. */
  rootKey(): Promise<PublicKey | undefined>;
  /**
   * Adds the root key to the site's settings; one that is there is never replaced. Azure knows no
   * conditional write of settings and replaces all at once, so they are read again just before:
   * what somebody else changes in that moment, less than a second, is lost.
   */
  setRootKey(key: PublicKey): Promise<void>;
}

/**
 * The settings may hold secrets: none of them is told or logged, and no pipeline that could log is
 * used.
 * @param url of Azure Resource Manager
 * @param id the site's resource id
 */
export function openSite(url: string, id: string, credential: TokenCredential): Site {
  const name = id.slice(id.lastIndexOf("/") + 1);
  const call = openCalls({ credential, scopes: managementScope(url), milliseconds: CALL_MS });

  const send = async (method: "POST" | "PUT", path: string, body?: object): Promise<Settings> => {
    const answer = await call({
      method,
      url: `${url}${id}/config/${path}?api-version=${SITE_API_VERSION}`,
      headers: { "content-type": "application/json" },
      body,
    });
    if (!answer) throw new CommandError(`Azure Resource Manager did not answer: ${url}`);
    if (answer.status !== 200)
      throw refused(name, answer.status, refusal.safeParse(answer.body).data?.error.code);
    const settings = settingsBody.safeParse(answer.body).data?.properties;
    if (!settings) throw new CommandError("Azure Resource Manager's answer is not understood.");
    return settings;
  };
  const list = (): Promise<Settings> => send("POST", "appsettings/list");

  return {
    name,
    rootKey: async () => rootKeyIn(await list()),
    setRootKey: async (key) => {
      const before = await list();
      if (rootKeyIn(before)) throw new CommandError(`Somebody else has set ${ROOT_KEY_SETTING}.`);
      const properties = { ...before, [ROOT_KEY_SETTING]: JSON.stringify(key) };
      const after = await send("PUT", "appsettings", { properties });
      if (after[ROOT_KEY_SETTING] !== properties[ROOT_KEY_SETTING])
        throw new CommandError(`The site "${name}" does not hold the setting that was written.`);
    },
  };
}

function rootKeyIn(settings: Settings): PublicKey | undefined {
  const text = settings[ROOT_KEY_SETTING] ?? "";
  if (text === "") return undefined;
  const key = publicKey.safeParse(parseJson(text));
  if (!key.success)
    throw new CommandError(`${ROOT_KEY_SETTING} of the functions is there, and is no root key.`);
  return key.data;
}

function refused(name: string, status: number, code: string | undefined): CommandError {
  const told = `(${status}${code === undefined ? "" : ` ${code}`})`;
  if (status === 401 || status === 403)
    return new SiteRefusedError(
      `Azure does not let this account change the settings of the site "${name}" ${told}: ` +
        'it needs the role "Website Contributor" on it. Or whoever deploys sets the root key, ' +
        "by `azd provision` where the environment has it.",
    );
  if (status === 404) return new CommandError(`There is no site "${name}" ${told}.`);
  return new CommandError(
    `Azure Resource Manager refused ${told}. Run the command again; what was done stays.`,
  );
}
