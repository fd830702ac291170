import { type Principal, type Resource, roleNeeds } from "../../infra/needs/roleNeeds.ts";
import { ROLES } from "../../infra/needs/roles.ts";
import { CONNECTOR } from "../samples.ts";

const NEEDS = roleNeeds([CONNECTOR]);

const permits = (pattern: string, action: string): boolean =>
  pattern === action ||
  new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(action);

/**
 * Whether somebody has a role that permits this data action on this resource. Nobody has another
 * role than one that is needed.
 */
export const isPermitted = (
  who: Principal | undefined,
  { kind, name }: Resource,
  action: string,
): boolean =>
  NEEDS.some(
    (need) =>
      need.who === who &&
      need.on.kind === kind &&
      need.on.name === name &&
      ROLES[need.role].some((pattern) => permits(pattern, action)),
  );
