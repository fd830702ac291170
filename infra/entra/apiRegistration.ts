import { CommandError } from "../../workstation/commandError.ts";
import {
  type Application,
  application,
  asClaim,
  SINGLE_TENANT,
  TOKEN_VERSION,
} from "./apiApplication.ts";
import type { Desk } from "./desk.ts";
import { type Entry, repairOf } from "./entries.ts";
import { tellOwners } from "./owners.ts";
import { ACCESS_TOKEN_CLAIMS, APP_ROLES, SCOPES } from "./registration.ts";
import { repairApi } from "./repairApi.ts";

const SELECT =
  "$select=id,appId,displayName,signInAudience,identifierUris,api,appRoles,optionalClaims";

/** The API's registration. */
export interface ApiRegistration {
  readonly clientId: string;
  readonly appRoles: readonly Entry[];
  readonly scopes: readonly Entry[];
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
  const there = await graph.read(`/applications(${key})?${SELECT}`, application);
  if (!there && profile.apiClientId !== undefined)
    throw new CommandError(`The tenant has no registration with client id ${profile.apiClientId}.`);
  const found =
    there ??
    (await make(`registers the API, "${profile.name}-api"`, () =>
      graph.create("PATCH", `/applications(${key})`, newApplication(profile.name), application),
    ));
  if (!found) return undefined;
  if (there)
    await tellOwners(desk, `/applications/${found.id}`, "the API's registration, who change it");
  await repairApi(desk, found);
  return {
    clientId: found.appId,
    appRoles: repairOf(found.appRoles ?? [], APP_ROLES).repaired,
    scopes: repairOf(found.api?.oauth2PermissionScopes ?? [], SCOPES).repaired,
  };
}

const asRegistration = ({ appId, appRoles, api }: Application): ApiRegistration => ({
  clientId: appId,
  appRoles: [...(appRoles ?? [])],
  scopes: [...(api?.oauth2PermissionScopes ?? [])],
});

const newApplication = (name: string): object => ({
  displayName: "Password Writeback",
  description: `API of Password Writeback (${name}).`,
  signInAudience: SINGLE_TENANT,
  api: { requestedAccessTokenVersion: TOKEN_VERSION, oauth2PermissionScopes: SCOPES },
  appRoles: APP_ROLES,
  optionalClaims: { accessToken: ACCESS_TOKEN_CLAIMS.map(asClaim) },
});
