import { isBelow, nameKey } from "./distinguishedName.ts";
import type { Circumstances } from "./rules.ts";
import type { GuardSubject } from "./subject.ts";

/**
 * Whether an account lies outside what the agent may touch: by the components of its name, never by
 * text, and by the groups that hold it. A name in the settings that cannot be read holds nothing.
 */
export function outsideScope(
  { name, groups }: GuardSubject,
  { baseDn, settings: { scope } }: Pick<Circumstances, "baseDn" | "settings">,
): boolean {
  const lies = (above: string): boolean => {
    const key = nameKey(above);
    return key !== undefined && isBelow(name, key);
  };
  /** Who writes an account itself into `out` does not mean what lies below it. */
  const leftOut = (text: string): boolean =>
    lies(text) || JSON.stringify(nameKey(text)) === JSON.stringify(name);
  const isMember = (sid: string): boolean => groups.has(sid);
  return (
    !lies(baseDn) ||
    (scope.in !== undefined && !scope.in.some(lies)) ||
    scope.out.some(leftOut) ||
    (scope.groupsIn !== undefined && !scope.groupsIn.some(isMember)) ||
    scope.groupsOut.some(isMember)
  );
}
