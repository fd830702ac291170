import { keyFingerprint } from "@password-writeback/protocol/enrolment.ts";
import {
  AGENT_KEY_SECONDS,
  AGENT_KEY_WARNING_SECONDS,
} from "@password-writeback/protocol/limits.ts";
import type { TrustList } from "@password-writeback/protocol/trustList.ts";
import { trustListChanges } from "@password-writeback/protocol/trustListChanges.ts";

const DAY_SECONDS = 86_400;
const dateOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

function keyAge(expires: number, nowSeconds: number): string {
  const left = expires - nowSeconds;
  if (left <= 0) return "EXPIRED: nothing is sealed for it; run `agent rotate-key` there";
  const days = `${Math.floor(left / DAY_SECONDS)} days left`;
  const isOld = left <= AGENT_KEY_SECONDS - AGENT_KEY_WARNING_SECONDS;
  return isOld ? `${days}: run \`agent rotate-key\` there soon` : days;
}

/** A list as people read it. */
export function listText(list: TrustList, nowMs: number): string {
  const signing = list.signingKeys.map(({ kid, key }, at) => {
    const use = at === list.signingKeys.length - 1 ? "functions sign with it" : "accepted";
    return `  ${kid}\n    ${use}; fingerprint ${keyFingerprint(key)}`;
  });
  const agents = list.agents.map(
    (agent) =>
      `  ${agent.id}, connector ${agent.connector}\n` +
      `    service principal ${agent.servicePrincipal}\n` +
      `    key ${agent.kid}\n` +
      `    until ${dateOf(agent.expires)}, ${keyAge(agent.expires, nowMs / 1_000)}`,
  );
  return [
    `Trust list ${list.serial} of ${dateOf(list.iat)}`,
    "Signing keys",
    ...signing,
    `Agents (${list.agents.length})`,
    ...agents,
  ].join("\n");
}

/** What signing a list would change, as people read it. */
export const changesText = (before: TrustList | undefined, after: TrustList): string =>
  trustListChanges(before, after)
    .flatMap(({ name, before: was, after: is }) => [
      `${sign(was, is)} ${name}`,
      ...(was === undefined ? [] : [`    - ${was}`]),
      ...(is === undefined ? [] : [`    + ${is}`]),
    ])
    .join("\n");

function sign(was: string | undefined, is: string | undefined): string {
  if (was === undefined) return "new    ";
  return is === undefined ? "removed" : "changed";
}
