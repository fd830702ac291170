import service from "@password-writeback/protocol/package.json" with { type: "json" };

/** The service's version; an agent of an older one should be replaced. */
export const SERVICE_VERSION: string = service.version;
/** The oldest agent whose heartbeats tell everything that is asked of them. */
export const OLDEST_AGENT_VERSION = "0.1.0";

/** Whether a version comes before another one; what is no version comes before all. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [numbers(version), numbers(than)];
  if (!one || !other) return one === undefined;
  const at = one.findIndex((number, index) => number !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}

/** Major, minor and patch; what follows them does not count. */
const numbers = (version: string): number[] | undefined =>
  /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(version)?.slice(1).map(Number);
