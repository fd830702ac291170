import { X509Certificate } from "node:crypto";
import { CommandError } from "../../../workstation/commandError.ts";
import { takeRequest } from "../../../workstation/enrolmentRequest.ts";
import { ensureAgentsGroup, ensureMember } from "../agentsGroup.ts";
import { findApi } from "../apiRegistration.ts";
import { ensureCertificateApplication } from "../certificateApplication.ts";
import type { Desk } from "../desk.ts";
import {
  assign,
  assignmentsOf,
  ensureServicePrincipal,
  findServicePrincipal,
} from "../servicePrincipal.ts";

const AGENT_ROLE = "Agent";

/**
 * `agent`: an application for one agent alone, with the certificate of its enrolment request, the
 * API's app role and the agents' group.
 * @param file the request
 * @param fingerprint as the agent's host has shown it; without it changes are told only
 * @throws CommandError
 */
export async function agent(
  desk: Desk,
  file: string,
  fingerprint: string | undefined,
): Promise<void> {
  const { print } = desk;
  const request = await takeRequest(file, fingerprint, print);
  const api = await findApi(desk);
  const resource = api && (await findServicePrincipal(desk, api.clientId));
  const role = api?.appRoles.find(({ value }) => value === AGENT_ROLE);
  if (!api || !resource || !role)
    throw new CommandError('The API is not registered: run the command "api" first.');
  const groupId = await ensureAgentsGroup(desk);

  const certificate = new X509Certificate(request.certificate);
  const application = await ensureCertificateApplication(
    desk,
    { suffix: `agent-${request.id}`, displayName: `Password Writeback agent ${request.id}` },
    certificate,
  );
  const principal = application && (await ensureServicePrincipal(desk, application.appId, {}));
  if (!principal || groupId === undefined) {
    print(`Then it gets the app role "${AGENT_ROLE}" and a place in the agents' group.`);
    return;
  }
  const has = await assignmentsOf(desk, principal.id);
  if (!has.some((one) => one.resourceId === resource.id && one.appRoleId === role.id))
    await assign(desk, `gives it the API's app role "${AGENT_ROLE}"`, {
      principalId: principal.id,
      resourceId: resource.id,
      appRoleId: role.id,
    });
  await ensureMember(desk, groupId, principal.id);
  print(`Client id, for the agent's host          ${application.appId}
Service principal, for operator add-agent ${principal.id}`);
}
