import { checkMemberGroups } from "./checkMemberGroups.ts";
import { getUser } from "./getUser.ts";
import type { GraphCall } from "./graphCall.ts";

/** Every call of Microsoft Graph that the local tenant answers. */
export const graphCalls: readonly GraphCall[] = [getUser, checkMemberGroups];
