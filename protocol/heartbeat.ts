import { z } from "zod";
import { verifyCertificate } from "./certificate.ts";
import type { InstanceIdentity } from "./envelope.ts";
import { CLOCK_TOLERANCE_SECONDS, MAX_TRUST_LIST_CHARACTERS } from "./limits.ts";
import { ProtocolError } from "./protocolError.ts";
import {
  headerMember,
  signHere,
  TYP,
  unverifiedPayload,
  type VerificationKey,
  verifySigned,
} from "./signedObject.ts";
import { agentId, type TrustList, verifyTrustList } from "./trustList.ts";

/** Seconds between two heartbeats of an agent. */
export const HEARTBEAT_SECONDS = 30;
/** Seconds after which an agent that was not heard counts as gone. */
export const LIVE_SECONDS = 75;
/** Seconds without a fresh signed answer after which an agent stops executing. */
export const STALE_SECONDS = 3_600;

const up = z.enum(["up", "down"]);

/** What an agent says of itself every 30 seconds. What a newer one adds is left out. */
export const heartbeat = z.object({
  version: z.literal(1),
  /** Fresh with each heartbeat; the answer signs it. */
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
  /** Grows with every heartbeat, restarts included: an old one put back is not news. */
  counter: z.number().int().positive(),
  agentVersion: z.string().max(32),
  state: z.enum(["listening", "waiting", "stopping"]),
  relay: up,
  directory: z.object({
    state: up,
    server: z.string().max(255).optional(),
    policyHints: z.boolean().optional(),
  }),
  /** Highest serial of a trust list that the agent has seen. */
  serial: z.number().int().nonnegative(),
});
export type Heartbeat = z.infer<typeof heartbeat>;

const answerClaims = z.strictObject({
  version: z.literal(1),
  sub: agentId,
  nonce: z.string().max(64),
  /** Seconds since 1970: the cloud's time. */
  iat: z.number().positive(),
  trustList: z.string().max(MAX_TRUST_LIST_CHARACTERS),
  /** Request ids of the agent's connector that nobody has concluded. */
  unresolved: z.array(z.uuid()).max(100),
});
export type HeartbeatAnswer = z.infer<typeof answerClaims>;

export const signHeartbeatAnswer = (
  answer: HeartbeatAnswer,
  identity: InstanceIdentity,
): Promise<string> =>
  signHere(TYP.heartbeat, answerClaims.parse(answer), identity.key, identity.certificate);

/**
 * Verifies an answer from its own trust list upwards: root key, list, certificate, nonce.
 * The instance certificate is judged by the answer's own time, because the answer is where the
 * agent learns the time; `nowSeconds` only bounds how far that may lie from the agent's clock
 * where the agent has learned the time before.
 * @throws ProtocolError `heartbeatAnswerInvalid`, `trustListInvalid`, `trustListOutdated`,
 * `certificateInvalid`
 */
export async function verifyHeartbeatAnswer(
  jws: string,
  expected: { readonly agent: string; readonly nonce: string },
  root: VerificationKey,
  lowestSerial: number,
  nowSeconds?: number,
): Promise<{ readonly answer: HeartbeatAnswer; readonly list: TrustList }> {
  const claimed = unverifiedAnswer(jws);
  const list = await verifyTrustList(claimed.trustList, root, lowestSerial);
  const certificate = headerMember(jws, "certificate");
  if (certificate === undefined) throw new ProtocolError("heartbeatAnswerInvalid");
  const key = await verifyCertificate(certificate, list, claimed.iat);
  const answer = await verifySigned(
    jws,
    key,
    TYP.heartbeat,
    answerClaims,
    "heartbeatAnswerInvalid",
  );
  const fresh =
    nowSeconds === undefined || Math.abs(answer.iat - nowSeconds) <= CLOCK_TOLERANCE_SECONDS;
  if (answer.nonce !== expected.nonce || answer.sub !== expected.agent || !fresh)
    throw new ProtocolError("heartbeatAnswerInvalid");
  return { answer, list };
}

function unverifiedAnswer(jws: string): HeartbeatAnswer {
  try {
    return answerClaims.parse(unverifiedPayload(jws));
  } catch {
    throw new ProtocolError("heartbeatAnswerInvalid");
  }
}
