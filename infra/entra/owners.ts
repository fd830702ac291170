import { z } from "zod";
import type { Desk } from "./desk.ts";
import { plainName } from "./plainName.ts";

const MOST_TOLD = 20;

const owner = z.object({ id: z.guid(), displayName: z.string().nullish() });

/**
 * Tells who owns a group or an application, if anybody.
 * @param path of the object in Graph
 * @param what it is, and what its owners may do
 * @throws CommandError
 */
export async function tellOwners(
  { graph, print }: Desk,
  path: string,
  what: string,
): Promise<void> {
  const owners = await graph.list(`${path}/owners?$select=id,displayName`, owner);
  if (owners.length === 0) return;
  const names = owners.slice(0, MOST_TOLD).map((one) => plainName(one.displayName ?? one.id));
  print(`Owners of ${what}: ${names.join(", ")}`);
}
