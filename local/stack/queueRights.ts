import type { Principal } from "../../infra/needs/roleNeeds.ts";
import { queuesOf } from "../../protocol/queues.ts";
import type { MayUse } from "../broker/authorisation.ts";
import { CONNECTOR } from "../samples.ts";
import { isPermitted } from "./isPermitted.ts";
import type { Applications } from "./tenant.ts";

/** The queues of the local installation. */
export const QUEUES = queuesOf([CONNECTOR]);

const ACTIONS = {
  send: "Microsoft.ServiceBus/namespaces/messages/send/action",
  listen: "Microsoft.ServiceBus/namespaces/messages/receive/action",
} as const;

/**
 * Who may send to and listen on which queue, by the object ids of service principals.
 * @param isAgent whether another one than the first agent's is in the agents' group
 */
export function queueRights(
  { functions, agent }: Applications,
  isAgent: (objectId: string) => boolean = () => false,
): MayUse {
  const principalOf = (objectId: string): Principal | undefined => {
    if (objectId === functions.objectId) return "functions";
    return objectId === agent.objectId || isAgent(objectId) ? "agents" : undefined;
  };
  return (subject, name, use) =>
    isPermitted(principalOf(subject), { kind: "queue", name }, ACTIONS[use]);
}
