import { queuesOf } from "../../protocol/queues.ts";
import type { MayUse } from "../broker/authorisation.ts";
import { CONNECTOR } from "../samples.ts";
import type { Applications } from "./tenant.ts";

/** The queues of the local installation. */
export const QUEUES = queuesOf([CONNECTOR]);

/** Who may send to and listen on which queue, by the object ids of service principals. */
export function queueRights({ functions, agent }: Applications): MayUse {
  const halves = { functions: functions.objectId, agents: agent.objectId } as const;
  return (subject, queueName, use) => {
    const queue = QUEUES.find(({ name }) => name === queueName);
    if (!queue) return false;
    return halves[use === "send" ? queue.sender : queue.receiver] === subject;
  };
}
