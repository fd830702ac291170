import type { X509Certificate } from "node:crypto";
import { CommandError } from "../../../workstation/commandError.ts";
import { type ApiRegistration, findApi } from "../apiRegistration.ts";
import { ensureCertificateApplication } from "../certificateApplication.ts";
import { ensureConsent } from "../delegatedGrants.ts";
import type { Desk } from "../desk.ts";
import type { Entry } from "../entries.ts";
import { plainName } from "../plainName.ts";
import { ensureRedirect } from "../redirectAddress.ts";
import { type Access, ensureRequested } from "../requestedAccess.ts";
import {
  assign,
  assignmentsOf,
  ensureServicePrincipal,
  findServicePrincipal,
} from "../servicePrincipal.ts";
import { takeCertificate } from "../takeCertificate.ts";

/** A program that calls the API. */
export interface NewClient {
  readonly name: string;
  /** File with its certificate, PEM. */
  readonly certificate: string;
  /** App role of the API that it acts with by itself. */
  readonly role: string | undefined;
  /** Scope of the API that it acts with for people. */
  readonly scope: string | undefined;
  /** Where people come back to from their sign-in. */
  readonly redirect: string | undefined;
}

/**
 * `client`: a client's application with its certificate, and what it may do at the API.
 * @param now milliseconds since 1970
 * @throws CommandError
 */
export async function client(desk: Desk, wanted: NewClient, now: number): Promise<void> {
  const { print } = desk;
  const certificate = await takeCertificate(wanted.certificate, now);
  print(`Certificate, SHA-1 ${certificate.fingerprint}, until ${certificate.validTo}`);
  const api = await findApi(desk);
  const resource = api && (await findServicePrincipal(desk, api.clientId));
  if (!api || !resource)
    throw new CommandError('The API is not registered: run the command "api" first.');
  const role = entryOf(api.appRoles, wanted.role);
  const scope = entryOf(api.scopes, wanted.scope);
  const made = await ensureClient(desk, wanted, certificate, api, { role, scope });
  if (!made) {
    print("Then it gets its service principal, and what it may do at the API.");
    return;
  }
  const { clientId, principalId } = made;
  const has = (await assignmentsOf(desk, principalId))
    .filter(({ resourceId }) => resourceId === resource.id)
    .map(({ appRoleId }) => appRoleId);
  if (role && !has.includes(role.id))
    await assign(desk, `gives it the API's app role "${role.value}"`, {
      principalId,
      resourceId: resource.id,
      appRoleId: role.id,
    });
  const ids = { clientId: principalId, resourceId: resource.id };
  const scopes = await ensureConsent(desk, ids, wanted.scope);
  const roles = [...new Set([...has, ...(role ? [role.id] : [])])].map((id) =>
    plainName(api.appRoles.find((one) => one.id === id)?.value ?? id),
  );
  print(`App roles it has        ${roles.join(", ") || "none"}
Scopes consented to     ${scopes.map(plainName).join(", ") || "none"}
Client id, to be added to allowedClients (setting ALLOWED_CLIENTS): ${clientId}`);
}

const entryOf = (entries: readonly Entry[], name: string | undefined): Entry | undefined => {
  if (name === undefined) return undefined;
  const found = entries.find(({ value, isEnabled }) => value === name && isEnabled);
  if (!found) throw new CommandError(`The API has no "${name}": run the command "api" first.`);
  return found;
};

async function ensureClient(
  desk: Desk,
  { name, redirect }: NewClient,
  certificate: X509Certificate,
  api: ApiRegistration,
  { role, scope }: { readonly role: Entry | undefined; readonly scope: Entry | undefined },
): Promise<{ readonly clientId: string; readonly principalId: string } | undefined> {
  const application = await ensureCertificateApplication(
    desk,
    { suffix: `client-${name}`, displayName: `Password Writeback client ${name}` },
    certificate,
  );
  if (!application) return undefined;
  const asked: Access[] = [
    ...(role ? [{ id: role.id, type: "Role" } as const] : []),
    ...(scope ? [{ id: scope.id, type: "Scope" } as const] : []),
  ];
  await ensureRequested(desk, application, api.clientId, asked);
  if (redirect !== undefined) await ensureRedirect(desk, application, redirect);
  const principal = await ensureServicePrincipal(desk, application.appId, {});
  return principal && { clientId: application.appId, principalId: principal.id };
}
