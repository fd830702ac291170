import type { People } from "../people.ts";

/** What Graph tells of the owners of a group or an application. @param ids object ids */
export const ownersSeen = (ids: readonly string[], people: People): object[] =>
  ids.map((id) => ({
    "@odata.type": "#microsoft.graph.user",
    id,
    displayName: people.find(id)?.userPrincipalName ?? null,
  }));
