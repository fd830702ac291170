import type { TrustedAgent, TrustList } from "./trustList.ts";

/** One difference between two lists; without `before` it is new, without `after` it is gone. */
export interface TrustListChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

const agentText = ({ connector, servicePrincipal, kid, expires }: TrustedAgent): string =>
  `connector ${connector}, service principal ${servicePrincipal}, ` +
  `key ${kid} until ${isoOf(expires)}`;

/** The order of the signing keys counts: functions use the last one. */
const keysText = ({ signingKeys }: TrustList): string =>
  signingKeys.map(({ kid }) => kid).join(", ");

/** What a list changes: for who signs it, and for the audit. Public facts only. */
export function trustListChanges(
  before: TrustList | undefined,
  after: TrustList,
): TrustListChange[] {
  const changes = [
    changeOf("serial", before && String(before.serial), String(after.serial)),
    changeOf("signing keys", before && keysText(before), keysText(after)),
  ];
  const ids = [...(before?.agents ?? []), ...after.agents].map(({ id }) => id);
  for (const id of new Set(ids)) {
    const textIn = (list: TrustList | undefined): string | undefined => {
      const agent = list?.agents.find((each) => each.id === id);
      return agent && agentText(agent);
    };
    changes.push(changeOf(`agent ${id}`, textIn(before), textIn(after)));
  }
  return changes.filter((change) => change.before !== change.after);
}

const changeOf = (
  name: string,
  before: string | undefined,
  after: string | undefined,
): TrustListChange => ({
  name,
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});
