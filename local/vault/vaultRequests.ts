import { z } from "zod";
import { badParameter } from "./vaultError.ts";

const change = {
  attributes: z
    .object({
      enabled: z.boolean().optional(),
      nbf: z.number().int().optional(),
      exp: z.number().int().optional(),
    })
    .optional(),
  tags: z.record(z.string(), z.string()).optional(),
  key_ops: z.array(z.string()).optional(),
};

export const updateRequest = z.object(change);

/** EC P-256 is the only kind of key that the system uses. */
export const createRequest = z.object({
  ...change,
  kty: z.literal("EC"),
  crv: z.literal("P-256").default("P-256"),
});

const SHA256_BYTES = 32;

/** `value` is the SHA-256 digest in base64url. */
export const signRequest = z.object({
  alg: z.literal("ES256"),
  value: z
    .string()
    .transform((text) => Buffer.from(text, "base64url"))
    .refine((digest) => digest.length === SHA256_BYTES),
});

/** @throws {VaultError} 400 that names the member, never its value. */
export function parseBody<T>(schema: z.ZodType<T>, body: string): T {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw badParameter("The request body is not JSON.");
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw badParameter(`Bad property: ${result.error.issues[0]?.path.join(".") || "body"}`);
}
