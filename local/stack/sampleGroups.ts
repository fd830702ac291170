import type { Group } from "../identity/graph/groups.ts";
import { SAMPLE_USERS } from "../samples.ts";

/** The one group whose members automation may help in the sample tenant. */
export const AUTOMATION_GROUP_ID = "7d3c2f10-0000-4000-8000-00000000c001";

/** Whom a tenant would let try self-service first. */
const PILOT_GROUP_ID = "7d3c2f10-0000-4000-8000-00000000c002";

const ids = (...names: string[]): string[] =>
  SAMPLE_USERS.filter(({ name }) => names.includes(name)).map(({ id }) => id);

/** Groups of the sample tenant. */
export const SAMPLE_GROUPS: readonly Group[] = [
  { id: AUTOMATION_GROUP_ID, members: ids("sam", "lee") },
  { id: PILOT_GROUP_ID, members: [...ids("alex"), AUTOMATION_GROUP_ID] },
];
