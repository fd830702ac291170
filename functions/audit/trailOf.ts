import type { TrailFacts } from "../http/trail.ts";
import type { Operation } from "../records/operation.ts";

/** What a call's record says of the operation that it began or repeated. */
export const trailOf = ({
  id,
  createdAt,
  operation,
  origin,
  status,
  code,
  connector,
  agent,
  server,
  keyVersionBefore,
  keyVersionAfter,
  proof,
}: Operation): TrailFacts => ({
  ...{ operationId: id, startedAt: createdAt, operation, origin, status, code },
  ...{ connector, agent, server, keyVersionBefore, keyVersionAfter, proof },
});
