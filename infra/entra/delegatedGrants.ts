import { z } from "zod";
import type { Desk } from "./desk.ts";

const grant = z.object({
  /** Stands in a path. */
  id: z.string().regex(/^[\w-]{1,256}$/),
  consentType: z.string(),
  resourceId: z.guid(),
  scope: z.string().nullish(),
});

/**
 * Consents, for everybody, to a client's asking for a scope of a resource.
 * @param ids of service principals
 * @returns the scopes that are consented to then
 * @throws CommandError
 */
export async function ensureConsent(
  { graph, make }: Desk,
  ids: { readonly clientId: string; readonly resourceId: string },
  scope: string | undefined,
): Promise<readonly string[]> {
  const path = `/servicePrincipals/${ids.clientId}/oauth2PermissionGrants`;
  const found = (await graph.list(path, grant)).find(
    ({ consentType, resourceId }) =>
      consentType === "AllPrincipals" && resourceId === ids.resourceId,
  );
  const before = found?.scope?.split(" ").filter((name) => name !== "") ?? [];
  if (scope === undefined || before.includes(scope)) return before;
  const after = [...before, scope];
  const body = { scope: after.join(" ") };
  await make(`consents to the scope "${scope}" for everybody`, () =>
    found
      ? graph.write("PATCH", `/oauth2PermissionGrants/${found.id}`, body)
      : graph.write("POST", "/oauth2PermissionGrants", {
          ...ids,
          consentType: "AllPrincipals",
          ...body,
        }),
  );
  return after;
}
