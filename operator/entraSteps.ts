import { X509Certificate } from "node:crypto";
import type { EnrolmentRequest } from "@password-writeback/protocol/enrolment.ts";
import { REPLIES_QUEUE_NAME, requestsQueueName } from "@password-writeback/protocol/queues.ts";

/** What a new agent needs in Microsoft Entra; this command has no rights there. */
export const stepsForNewAgent = (request: EnrolmentRequest, servicePrincipal: string): string => {
  const { fingerprint, validTo } = new X509Certificate(request.certificate);
  const sha1 = fingerprint.replaceAll(":", "");
  return `To be done in Microsoft Entra, where it is not done yet:
  1. One application for this agent alone, single tenant, with a service principal: the one given,
     ${servicePrincipal}.
  2. The agent's certificate on that application, the file named above:
     thumbprint ${sha1}, valid to ${validTo}.
     az ad app credential reset --id CLIENT_ID --append --cert @FILE
  3. The API's app role "Agent" for the service principal.
  4. The service principal as a member of the agents' group, which may receive from the queue
     "${requestsQueueName(request.connector)}" and send to the queue "${REPLIES_QUEUE_NAME}".
  5. The application's client id in the agent's configuration, entra.clientId.`;
};

/** What is left of a revoked agent in Microsoft Entra. */
export const stepsForRevokedAgent = (servicePrincipal: string): string =>
  `With the new list nothing is sealed for it any more, and its heartbeats are refused.
If it is still running and its host is in good hands, stop it first: then no request is lost.
To be done in Microsoft Entra:
  1. Remove the service principal ${servicePrincipal}
     from the agents' group: it may receive from the queue until then.
  2. Delete its application, or at least its certificate.
If the host was stolen, change the password of its service account in AD as well.`;
