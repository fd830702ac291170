import { z } from "zod";
import type { Desk } from "./desk.ts";
import { entry, repairOf } from "./entries.ts";
import { ACCESS_TOKEN_CLAIMS, APP_ROLES, SCOPES } from "./registration.ts";

const SINGLE_TENANT = "AzureADMyOrg";
const TOKEN_VERSION = 2;

const claim = z.looseObject({ name: z.string() });
const application = z.looseObject({
  id: z.guid(),
  appId: z.guid(),
  signInAudience: z.string().nullish(),
  identifierUris: z.array(z.string()).nullish(),
  api: z
    .looseObject({
      requestedAccessTokenVersion: z.number().nullish(),
      oauth2PermissionScopes: z.array(entry).nullish(),
    })
    .nullish(),
  appRoles: z.array(entry).nullish(),
  optionalClaims: z.looseObject({ accessToken: z.array(claim).nullish() }).nullish(),
});
type Application = z.infer<typeof application>;

const SELECT =
  "$select=id,appId,displayName,signInAudience,identifierUris,api,appRoles,optionalClaims";

/** The API's registration. */
export interface ApiRegistration {
  readonly clientId: string;
  readonly appRoles: readonly { readonly id: string; readonly value?: string | null | undefined }[];
}

const keyOf = ({ name, apiClientId }: Desk["profile"]): string =>
  apiClientId === undefined ? `uniqueName='${name}-api'` : `appId='${apiClientId}'`;

/** The registration as it is; `undefined` where there is none. @throws CommandError */
export async function findApi({ graph, profile }: Desk): Promise<ApiRegistration | undefined> {
  const found = await graph.read(`/applications(${keyOf(profile)})?${SELECT}`, application);
  return found && asRegistration(found);
}

/**
 * Registers the API, or puts right what is other than the service needs it. What others have added
 * to the registration stays.
 * @returns `undefined` where there is none and none was to be made
 * @throws CommandError
 */
export async function ensureApi(desk: Desk): Promise<ApiRegistration | undefined> {
  const { graph, profile, make } = desk;
  const key = keyOf(profile);
  const found =
    (await graph.read(`/applications(${key})?${SELECT}`, application)) ??
    (await make(`registers the API, "${profile.name}-api"`, () =>
      graph.create("PATCH", `/applications(${key})`, newApplication(profile.name), application),
    ));
  if (!found) return undefined;
  await repair(desk, found);
  return asRegistration(found);
}

const asRegistration = ({ appId, appRoles }: Application): ApiRegistration => ({
  clientId: appId,
  appRoles: [...(appRoles ?? [])],
});

const newApplication = (name: string): object => ({
  displayName: "Password Writeback",
  description: `API of Password Writeback (${name}).`,
  signInAudience: SINGLE_TENANT,
  api: { requestedAccessTokenVersion: TOKEN_VERSION, oauth2PermissionScopes: SCOPES },
  appRoles: APP_ROLES,
  optionalClaims: { accessToken: ACCESS_TOKEN_CLAIMS.map(asClaim) },
});

const asClaim = (name: string): object => ({ name, essential: false, additionalProperties: [] });

async function repair({ graph, make }: Desk, found: Application): Promise<void> {
  const path = `/applications/${found.id}`;
  const write = (what: string, body: object) => make(what, () => graph.write("PATCH", path, body));

  if (found.signInAudience !== SINGLE_TENANT)
    await write("lets people and programs of this tenant alone sign in", {
      signInAudience: SINGLE_TENANT,
    });

  const uri = `api://${found.appId}`;
  const uris = found.identifierUris ?? [];
  if (!uris.includes(uri))
    await write(`adds the application ID URI ${uri}`, { identifierUris: [...uris, uri] });

  if (found.api?.requestedAccessTokenVersion !== TOKEN_VERSION)
    await write(`asks for access tokens of version ${TOKEN_VERSION}`, {
      api: { ...found.api, requestedAccessTokenVersion: TOKEN_VERSION },
    });

  const scopes = repairOf(found.api?.oauth2PermissionScopes ?? [], SCOPES);
  const withScopes = (list: readonly object[]) => ({
    api: {
      ...found.api,
      requestedAccessTokenVersion: TOKEN_VERSION,
      oauth2PermissionScopes: list,
    },
  });
  if (scopes.wrong.length > 0)
    await make(`puts scopes right: ${scopes.wrong.join(", ")}`, async () => {
      if (scopes.disabled) await graph.write("PATCH", path, withScopes(scopes.disabled));
      await graph.write("PATCH", path, withScopes(scopes.repaired));
    });

  const roles = repairOf(found.appRoles ?? [], APP_ROLES);
  if (roles.wrong.length > 0)
    await make(`puts app roles right: ${roles.wrong.join(", ")}`, async () => {
      if (roles.disabled) await graph.write("PATCH", path, { appRoles: roles.disabled });
      await graph.write("PATCH", path, { appRoles: roles.repaired });
    });

  const claims = found.optionalClaims?.accessToken ?? [];
  const missing = ACCESS_TOKEN_CLAIMS.filter((name) => !claims.some((one) => one.name === name));
  if (missing.length > 0)
    await write(`adds optional claims of access tokens: ${missing.join(", ")}`, {
      optionalClaims: {
        ...found.optionalClaims,
        accessToken: [...claims, ...missing.map(asClaim)],
      },
    });
}
