import { randomUUID } from "node:crypto";
import { ROLES } from "../../functions/access/permissions.ts";
import { verifyEnrolmentRequest } from "../../protocol/enrolment.ts";
import type { Application } from "../identity/application.ts";
import { API_CLIENT_ID } from "./tenant.ts";

/** Where whoever administers Entra would register an agent: one application for each agent. */
export class Registrations {
  private readonly tenant: Application[];
  private readonly byAgent = new Map<string, Application>();

  /** @param tenant the tenant's applications; new ones are added to them */
  constructor(tenant: Application[]) {
    this.tenant = tenant;
  }

  /** Whether a service principal is in the agents' group, which has its rights on the bus. */
  isAgent(objectId: string): boolean {
    return [...this.byAgent.values()].some((application) => application.objectId === objectId);
  }

  /**
   * Registers the application of an agent with the certificate of its request; a further
   * certificate of the same agent is added to the one that it has.
   * @throws ProtocolError where it is no request
   */
  async register(request: unknown): Promise<Application> {
    const { id, certificate } = await verifyEnrolmentRequest(request);
    const before = this.byAgent.get(id);
    const application: Application = {
      clientId: before?.clientId ?? randomUUID(),
      objectId: before?.objectId ?? randomUUID(),
      name: id,
      certificates: [...(before?.certificates ?? []), certificate],
      appRoles: { [API_CLIENT_ID]: [ROLES.agent] },
    };
    this.byAgent.set(id, application);
    const at = before ? this.tenant.indexOf(before) : this.tenant.length;
    this.tenant[at] = application;
    return application;
  }
}
