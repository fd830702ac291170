import { base64url, CompactEncrypt, compactDecrypt } from "jose";
import { MAX_REPLY_BYTES, REPLY_PADDING_BYTES } from "./limits.ts";
import { type Outcome, outcome } from "./outcome.ts";
import { pad, unpad } from "./padding.ts";
import { ProtocolError } from "./protocolError.ts";

const REPLY_TYP = "password-writeback-reply+jwe";

/**
 * Seals an outcome under the request's own reply key (RFC 7518 section 4.5): only who could open
 * the request can answer it.
 * @param replyKey 32 bytes in base64url
 */
export async function sealReply(verdict: Outcome, replyKey: string): Promise<Uint8Array> {
  const jwe = await new CompactEncrypt(
    pad(JSON.stringify(outcome.parse(verdict)), REPLY_PADDING_BYTES),
  )
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: REPLY_TYP })
    .encrypt(base64url.decode(replyKey));
  return new TextEncoder().encode(jwe);
}

/** @throws ProtocolError `replyInvalid`: not sealed with this key, or about another request */
export async function openReply(
  body: Uint8Array,
  replyKey: string,
  requestId: string,
): Promise<Outcome> {
  if (body.byteLength > MAX_REPLY_BYTES) throw new ProtocolError("replyInvalid");
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(body, base64url.decode(replyKey), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const verdict = outcome.parse(JSON.parse(unpad(plaintext)));
    if (protectedHeader.typ === REPLY_TYP && verdict.request === requestId) return verdict;
  } catch {
    // Concealed: the caller learns only that this is no reply of its own.
  }
  throw new ProtocolError("replyInvalid");
}
