import { z } from "zod";
import {
  AGENT_KEY_SECONDS,
  CLOCK_TOLERANCE_SECONDS,
  MAX_AGENTS_PER_CONNECTOR,
  MAX_TRUST_LIST_CHARACTERS,
} from "./limits.ts";
import { ProtocolError } from "./protocolError.ts";
import { connectorName } from "./request.ts";
import {
  type RemoteSigner,
  signRemotely,
  TYP,
  type VerificationKey,
  verifySigned,
} from "./signedObject.ts";

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** A public P-256 key (RFC 7518 section 6.2.1); private members are refused. */
export const publicKey = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: coordinate,
  y: coordinate,
});
export type PublicKey = z.infer<typeof publicKey>;

export const agentId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/);

export const trustedAgent = z.strictObject({
  id: agentId,
  /** Object id of the service principal that the agent signs in as. */
  servicePrincipal: z.guid(),
  connector: connectorName,
  /** RFC 7638 thumbprint of the encryption key: the `kid` of its recipient entry. */
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** Frozen: only then is what was made of it for a request there for the next one. */
  encryptionKey: publicKey.readonly(),
  /** Seconds since 1970. */
  expires: z.number().positive(),
});
export type TrustedAgent = z.infer<typeof trustedAgent>;

/** Who may ask and who may open, signed by the operators' root key. */
export const trustList = z
  .strictObject({
    version: z.literal(1),
    /** Grows with every list: a lower one is an old list put back. */
    serial: z.number().int().positive(),
    iat: z.number().positive(),
    signingKeys: z.array(z.strictObject({ kid: z.string().max(512), key: publicKey })).max(16),
    agents: z.array(trustedAgent).max(1_000),
  })
  .refine(
    ({ iat, agents }) =>
      agents.every(({ expires }) => expires <= iat + AGENT_KEY_SECONDS + CLOCK_TOLERANCE_SECONDS),
    "has a key that lasts longer than 180 days",
  );
export type TrustList = z.infer<typeof trustList>;

/** Signs a list with the root key, which only operators may use. */
export const signTrustList = (list: TrustList, root: RemoteSigner): Promise<string> =>
  signRemotely(TYP.trustList, trustList.parse(list), root);

/**
 * @param lowestSerial the highest serial seen so far: anything below is refused.
 * @throws ProtocolError `trustListInvalid` or `trustListOutdated`
 */
export async function verifyTrustList(
  jws: string,
  root: VerificationKey,
  lowestSerial: number,
): Promise<TrustList> {
  if (jws.length > MAX_TRUST_LIST_CHARACTERS) throw new ProtocolError("trustListInvalid");
  const list = await verifySigned(jws, root, TYP.trustList, trustList, "trustListInvalid");
  if (list.serial < lowestSerial) throw new ProtocolError("trustListOutdated");
  return list;
}

/** The agents of a connector whose keys have not expired: the recipients of each request. */
export function recipientsOf(list: TrustList, connector: string, nowSeconds: number) {
  return list.agents
    .filter((agent) => agent.connector === connector && agent.expires > nowSeconds)
    .slice(0, MAX_AGENTS_PER_CONNECTOR);
}
