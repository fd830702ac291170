import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { z } from "zod";
import type { Deployment } from "./deployment.ts";

const DEFAULT_AUTHORITY = "https://login.microsoftonline.com";
/** Names that the platform gives to sites; whoever gave the API a name of its own keeps it. */
const PLATFORM_SITE = /\.(?:azurewebsites\.(?:net|us)|chinacloudsites\.cn)$/;

const profile = z.looseObject({
  api: z.string().optional(),
  relay: z.looseObject({}).default({}),
});

/**
 * The operator's profile of a deployment. Nothing in it is secret.
 * @param before text of the one that is there: what a person or `init` added to it stays
 * @throws Error: that one is no profile
 */
export function profileText(made: Deployment, before = "{}"): string {
  const kept = profile.safeParse(parseJson(before)).data;
  if (!kept) throw new Error("The profile that is there is not JSON: mend it, or remove it.");
  const isOwnName = kept.api !== undefined && !isPlatform(kept.api);
  const { AUTHORITY } = made;
  const next = {
    ...{ version: 1, ...kept, tenantId: made.TENANT_ID },
    authority: AUTHORITY === DEFAULT_AUTHORITY ? undefined : AUTHORITY,
    api: isOwnName ? kept.api : made.API_URL,
    apiClientId: made.API_CLIENT_ID,
    vault: made.KEY_VAULT_URL,
    rootKeyName: made.ROOT_KEY_NAME,
    signingKeyName: made.SIGNING_KEY_NAME,
    relay: { ...kept.relay, namespace: made.SERVICE_BUS_NAMESPACE },
    site: made.AZURE_FUNCTION_ID,
  };
  return `${JSON.stringify(next, null, 2)}\n`;
}

function isPlatform(api: string): boolean {
  return URL.canParse(api) && PLATFORM_SITE.test(new URL(api).hostname);
}
