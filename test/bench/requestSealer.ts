import { randomBytes, randomUUID } from "node:crypto";
import type { TokenCredential } from "@azure/identity";
import { groundReader } from "../../functions/records/groundRows.ts";
import { openTables } from "../../functions/records/tables.ts";
import { InstanceKey } from "../../functions/trust/instanceKey.ts";
import { publishedList, TrustSource } from "../../functions/trust/trustSource.ts";
import { openVault } from "../../functions/trust/vault.ts";
import { CONNECTOR } from "../../local/samples.ts";
import { ROOT_KEY_NAME } from "../../local/stack/operator.ts";
import type { Stack } from "../../local/stack/startStack.ts";
import { TENANT_ID } from "../../local/stack/tenant.ts";
import { sealRequest } from "../../protocol/envelope.ts";
import { REQUEST_VERSION } from "../../protocol/request.ts";
import { publicKey, recipientsOf } from "../../protocol/trustList.ts";
import { freshPassword, type Person } from "./people.ts";

/** Seconds: long enough to lie sealed until it is its turn. */
const LIFETIME_SECONDS = 300;

/** A request as it goes on the bus, and what opens its reply. */
export interface SealedRequest {
  readonly id: string;
  readonly trackingId: string;
  readonly replyKey: string;
  readonly body: Uint8Array;
}

export type Seal = (person: Person) => Promise<SealedRequest>;

/**
 * Seals resets as an instance of the cloud half does: with a key of its own that the vault's
 * signing key certifies, for the agents of the trust list in force.
 */
export async function requestSealer(stack: Stack, credential: TokenCredential): Promise<Seal> {
  const root = publicKey.parse((await stack.vault.ensureKey(ROOT_KEY_NAME)).publicJwk);
  const { ground } = openTables(stack.tables.url, credential);
  const trust = new TrustSource(
    publishedList(groundReader(ground), async () => undefined),
    root,
    Date.now,
  );
  const vault = openVault(stack.vault.url, ROOT_KEY_NAME, credential);
  const { list } = await trust.current();
  const identity = await new InstanceKey(vault, trust, Date.now).identity(list);
  const agents = recipientsOf(list, CONNECTOR, Date.now() / 1_000);
  return async ({ id, sourceAnchor, sid, userPrincipalName }) => {
    const request = {
      id: randomUUID(),
      trackingId: randomUUID(),
      replyKey: randomBytes(32).toString("base64url"),
    };
    const now = Date.now() / 1_000;
    const body = await sealRequest(
      {
        version: REQUEST_VERSION,
        iss: TENANT_ID,
        aud: CONNECTOR,
        jti: request.id,
        iat: now,
        exp: now + LIFETIME_SECONDS,
        origin: "portal",
        requester: { id: "bench" },
        replyKey: request.replyKey,
        trackingId: request.trackingId,
        operation: "reset",
        target: { id, sourceAnchor, sid, userPrincipalName },
        newPassword: freshPassword(),
        mustChange: false,
      },
      identity,
      agents,
    );
    return { ...request, body };
  };
}
