import { checkGuard, GUARDS } from "../../functions/access/guard.ts";
import { ROLES } from "../../functions/access/permissions.ts";
import { tokenVerifier } from "../../functions/access/token.ts";
import { openRequest, sealRequest } from "../../protocol/envelope.ts";
import { trustedAgent } from "../../protocol/trustList.ts";
import {
  CONNECTOR,
  changeOf,
  NOW,
  newAgent,
  newInstance,
  newKeyPair,
  TENANT,
} from "../unit/protocol/world.ts";
import { portalToken } from "./portalToken.ts";

/** Enrolled agents of the connector: each is a recipient of every request. */
export const ENROLLED = [1, 20] as const;
export type Enrolled = (typeof ENROLLED)[number];

/** What trust costs one operation: processor time of all threads, and bytes on the bus. */
export interface TrustFigures {
  readonly enrolled: Enrolled;
  readonly operations: number;
  /** Milliseconds of processor time: token and guard, sealing, opening. */
  readonly guard: number;
  readonly seal: number;
  readonly open: number;
  readonly envelopeBytes: number;
}

/** Milliseconds of processor time of one of so many runs. */
async function processorMs(count: number, run: () => Promise<unknown>): Promise<number> {
  for (let warmUp = 0; warmUp < count / 10; warmUp += 1) await run();
  const before = process.cpuUsage();
  for (let turn = 0; turn < count; turn += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

/** Verifies a token and its guard, seals a request for all agents and opens it as the last one. */
export async function measureTrust(count: number): Promise<TrustFigures[]> {
  const figures: TrustFigures[] = [];
  for (const enrolled of ENROLLED) figures.push(await measure(enrolled, count));
  return figures;
}

async function measure(enrolled: Enrolled, count: number): Promise<TrustFigures> {
  const { header, settings, keys, access } = await portalToken([ROLES.portal]);
  const verify = tokenVerifier(settings, keys, Date.now);
  const guard = await processorMs(count, async () =>
    checkGuard(GUARDS.portal, await verify(header), access),
  );
  const signing = await newKeyPair("signing");
  const agents = await Promise.all(
    Array.from({ length: enrolled }, (_, at) => newAgent(`agent-${at + 1}`)),
  );
  const entries = agents.map(({ entry }) => trustedAgent.parse(entry));
  const list = {
    version: 1,
    serial: 1,
    iat: NOW,
    signingKeys: [{ kid: "signing", key: signing.publicKey }],
    agents: entries,
  } as const;
  const instance = await newInstance(signing);
  let envelope = new Uint8Array();
  const seal = await processorMs(count, async () => {
    envelope = new Uint8Array(await sealRequest(changeOf(), instance, entries));
  });
  const own = agents[enrolled - 1]?.keys;
  if (own === undefined) throw new Error("no agents");
  const trusted = { list: { ...list, signingKeys: [...list.signingKeys], agents: entries } };
  const open = await processorMs(count, () =>
    openRequest(envelope, own, { ...trusted, connector: CONNECTOR, tenant: TENANT }, NOW),
  );
  return { enrolled, operations: count, guard, seal, open, envelopeBytes: envelope.byteLength };
}
