import { type Application, asClaim, SINGLE_TENANT, TOKEN_VERSION } from "./apiApplication.ts";
import { withAzureCli } from "./azureCli.ts";
import type { Desk } from "./desk.ts";
import { repairOf } from "./entries.ts";
import { ACCESS_TOKEN_CLAIMS, APP_ROLES, SCOPES } from "./registration.ts";

/** What operators' calls ask for: their command signs in with `az`. */
const OPERATE = "Writeback.Operate";

/**
 * Puts right what is other than the service needs it; what others have added stays.
 * @throws CommandError
 */
export async function repairApi(desk: Desk, found: Application): Promise<void> {
  await repairProperties(desk, found);
  await repairScopes(desk, found);
  await repairRoles(desk, found);
}

type Write = (what: string, body: object) => Promise<unknown>;

const writer =
  ({ graph, make }: Desk, { id }: Application): Write =>
  (what, body) =>
    make(what, () => graph.write("PATCH", `/applications/${id}`, body));

async function repairProperties(desk: Desk, found: Application): Promise<void> {
  const write = writer(desk, found);
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

async function repairScopes(desk: Desk, found: Application): Promise<void> {
  const { graph, make, profile } = desk;
  const scopes = repairOf(found.api?.oauth2PermissionScopes ?? [], SCOPES);
  const api = (changes: object) => ({
    api: { ...found.api, requestedAccessTokenVersion: TOKEN_VERSION, ...changes },
  });
  if (scopes.wrong.length > 0)
    await make(`puts scopes right: ${scopes.wrong.join(", ")}`, async () => {
      const path = `/applications/${found.id}`;
      const { disabled, repaired } = scopes;
      if (disabled) await graph.write("PATCH", path, api({ oauth2PermissionScopes: disabled }));
      await graph.write("PATCH", path, api({ oauth2PermissionScopes: repaired }));
    });

  const operate = scopes.repaired.find(({ value }) => value === OPERATE);
  const clients =
    profile.azureCli && operate
      ? withAzureCli(found.api?.preAuthorizedApplications ?? [], operate.id)
      : undefined;
  if (clients)
    await writer(desk, found)(
      `lets the Azure CLI ask for ${OPERATE} without consent`,
      api({
        oauth2PermissionScopes: scopes.repaired,
        preAuthorizedApplications: clients,
      }),
    );
}

async function repairRoles({ graph, make }: Desk, found: Application): Promise<void> {
  const roles = repairOf(found.appRoles ?? [], APP_ROLES);
  if (roles.wrong.length === 0) return;
  const path = `/applications/${found.id}`;
  await make(`puts app roles right: ${roles.wrong.join(", ")}`, async () => {
    if (roles.disabled) await graph.write("PATCH", path, { appRoles: roles.disabled });
    await graph.write("PATCH", path, { appRoles: roles.repaired });
  });
}
