import type { Target } from "@password-writeback/protocol/request.ts";
import { ApiError } from "../http/apiError.ts";
import type { Connector } from "../settings/values.ts";
import type { UserFacts } from "./userFacts.ts";

export interface ResolvedTarget {
  readonly target: Target;
  readonly connector: string;
}

/**
 * The account and the connector that serves it.
 * @throws ApiError `userNotSynchronized`, `userWithoutAnchor`, `domainWithoutConnector`
 */
export function resolveTarget(facts: UserFacts, connectors: readonly Connector[]): ResolvedTarget {
  const { id, userPrincipalName, sourceAnchor, sid, domain } = facts;
  if (!facts.synchronized) throw new ApiError("userNotSynchronized");
  if (sourceAnchor === undefined) throw new ApiError("userWithoutAnchor");
  const connector = connectors.find(
    ({ domains }) => domain !== undefined && domains.includes(domain),
  );
  if (!connector) throw new ApiError("domainWithoutConnector");
  return { target: { id, userPrincipalName, sourceAnchor, sid }, connector: connector.name };
}
