import { queuesOf } from "../../protocol/queues.ts";
import type { MayUse } from "../broker/authorisation.ts";
import { CONNECTOR } from "../samples.ts";
import type { Applications } from "./tenant.ts";

/** The queues of the local installation. */
export const QUEUES = queuesOf([CONNECTOR]);

/**
 * Who may send to and listen on which queue, by the object ids of service principals.
 * @param isAgent whether another one than the first agent's is in the agents' group
 */
export function queueRights(
  { functions, agent }: Applications,
  isAgent: (objectId: string) => boolean = () => false,
): MayUse {
  const isOf = {
    functions: (objectId: string) => objectId === functions.objectId,
    agents: (objectId: string) => objectId === agent.objectId || isAgent(objectId),
  } as const;
  return (subject, queueName, use) => {
    const queue = QUEUES.find(({ name }) => name === queueName);
    if (!queue) return false;
    return isOf[use === "send" ? queue.sender : queue.receiver](subject);
  };
}
