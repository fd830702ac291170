import { sid, sourceAnchor } from "@password-writeback/protocol/request.ts";
import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import type { GraphCall } from "./graph.ts";

/** What the cloud knows of a person and the directory must agree with. */
export interface UserFacts {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly synchronized: boolean;
  /** Base64 of the raw anchor bytes. */
  readonly sourceAnchor: string | undefined;
  readonly sid: string | undefined;
  /** DNS name of the on-premises domain, lower case. */
  readonly domain: string | undefined;
  /** Whether only those with a role over the person's own administrative unit may manage them. */
  readonly managementRestricted: boolean;
  /** Ids of the service plans that the person may use now, in lower case. */
  readonly servicePlans: readonly string[];
}

/** Finds a person by object id or UPN. @throws ApiError */
export type FindUser = (idOrUpn: string) => Promise<UserFacts>;

/**
 * An object id or a user principal name, as it stands in a route or a body. Nothing else, `..`
 * least of all, nor half a character: it becomes a segment of a path.
 */
export const userId = z.union([
  z.guid(),
  z
    .string()
    .max(113)
    .regex(/^[^\s\p{C}/\\?%"<>|;,:=*[\]@]+@[A-Za-z0-9.-]+$/u),
]);

const SELECT = [
  "id",
  "userPrincipalName",
  "onPremisesSyncEnabled",
  "onPremisesImmutableId",
  "onPremisesSecurityIdentifier",
  "onPremisesDomainName",
  "isManagementRestricted",
  "assignedPlans",
].join(",");

const assignedPlan = z.object({
  servicePlanId: z.string().max(64).nullish(),
  capabilityStatus: z.string().max(64).nullish(),
});

/** In the days of grace after its end (`Warning`) a plan still works. */
const isUsable = ({ capabilityStatus }: z.infer<typeof assignedPlan>): boolean =>
  capabilityStatus === "Enabled" || capabilityStatus === "Warning";

const graphUser = z.object({
  id: z.guid(),
  userPrincipalName: z.string().max(1_024),
  onPremisesSyncEnabled: z.boolean().nullish(),
  onPremisesImmutableId: z.string().max(256).nullish(),
  onPremisesSecurityIdentifier: sid.nullish(),
  onPremisesDomainName: z.string().max(255).nullish(),
  isManagementRestricted: z.boolean().nullish(),
  assignedPlans: z.array(assignedPlan).max(1_000).nullish(),
});

/**
 * Looks people up in Microsoft Graph, uncached: who is synchronised, and to which account, must
 * be true at the moment of the write.
 * @throws ApiError (from the returned function) `userNotFound`, `userFactsUnavailable`
 */
export function userFinder(graph: GraphCall): FindUser {
  return async (idOrUpn) => {
    const wanted = userId.safeParse(idOrUpn);
    if (!wanted.success) throw new ApiError("userNotFound");
    const path = `/v1.0/users/${encodeURIComponent(wanted.data)}?$select=${SELECT}`;
    const answer = await graph(path).catch((cause: unknown) => {
      throw new ApiError("userFactsUnavailable", { cause });
    });
    if (answer.status === 404) throw new ApiError("userNotFound");
    if (answer.status !== 200) throw new ApiError("userFactsUnavailable");
    const facts = factsOf(answer.bodyAsText ?? "");
    const isSomebodyElse = isObjectId(wanted.data) && !isSame(wanted.data, facts.id);
    if (isSomebodyElse) throw new ApiError("userFactsUnavailable");
    return facts;
  };
}

const isObjectId = (text: string): boolean => z.guid().safeParse(text).success;
const isSame = (id: string, other: string): boolean => id.toLowerCase() === other.toLowerCase();

function factsOf(body: string): UserFacts {
  try {
    const user = graphUser.parse(JSON.parse(body));
    return {
      id: user.id,
      userPrincipalName: user.userPrincipalName,
      synchronized: user.onPremisesSyncEnabled === true,
      sourceAnchor: sourceAnchor.safeParse(user.onPremisesImmutableId).data,
      sid: user.onPremisesSecurityIdentifier ?? undefined,
      domain: user.onPremisesDomainName?.toLowerCase() ?? undefined,
      managementRestricted: user.isManagementRestricted === true,
      servicePlans: (user.assignedPlans ?? [])
        .filter(isUsable)
        .flatMap(({ servicePlanId }) => servicePlanId?.toLowerCase() ?? []),
    };
  } catch (cause) {
    throw new ApiError("userFactsUnavailable", { cause });
  }
}
