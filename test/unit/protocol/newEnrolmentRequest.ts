import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  type EnrolmentMembers,
  type EnrolmentRequest,
  signEnrolmentRequest,
} from "../../../protocol/enrolment.ts";
import { publicKey } from "../../../protocol/trustList.ts";
import { newLeaf } from "./leaf.ts";

/** A request to enrol as an agent's host makes it, with fresh keys, and the certificate's key. */
export async function newEnrolmentRequest(
  id: string,
  changes: Partial<EnrolmentMembers> = {},
): Promise<{
  readonly request: EnrolmentRequest;
  readonly leaf: Awaited<ReturnType<typeof newLeaf>>;
}> {
  const leaf = await newLeaf("rsa");
  const { kty, crv, x, y } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
  }).publicKey.export({ format: "jwk" });
  const request = await signEnrolmentRequest(
    {
      version: 1,
      id,
      connector: "corp",
      encryptionKey: publicKey.parse({ kty, crv, x, y }),
      certificate: leaf.certificate,
      ...changes,
    },
    createPrivateKey(leaf.key),
  );
  return { request, leaf };
}
