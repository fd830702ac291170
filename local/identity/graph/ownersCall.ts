import type { People } from "../people.ts";
import { type DirectoryObjects, notFound } from "./directoryObjects.ts";
import type { GraphCall } from "./graphCall.ts";
import { page } from "./page.ts";

/** What Graph tells of the owners of a group or an application. @param ids object ids */
const ownersSeen = (ids: readonly string[], people: People): object[] =>
  ids.map((id) => ({
    "@odata.type": "#microsoft.graph.user",
    id,
    displayName: people.find(id)?.userPrincipalName ?? null,
  }));

/**
 * `GET /{collection}/{id}/owners`. Never met Graph.
 * @param ownersOf object ids; undefined where there is no such object
 */
export const ownersCall = (
  collection: "applications" | "groups" | "servicePrincipals",
  permissions: readonly string[],
  ownersOf: (objects: DirectoryObjects, id: string) => readonly string[] | undefined,
): GraphCall => ({
  method: "GET",
  path: new RegExp(`^/${collection}/([^/()]+)/owners$`),
  permissions,
  answer: ({ objects, people, paging }, [id = ""], request) => {
    const owners = ownersOf(objects, id);
    if (!owners) throw notFound(id);
    return page(ownersSeen(owners, people), "directoryObjects", request, paging);
  },
});
