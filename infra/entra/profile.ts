import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { SetupError } from "./setupError.ts";

const MOST_BYTES = 16_384;

const httpsUrl = z
  .url({ protocol: /^https$/ })
  .max(2_048)
  .transform((text) => text.replace(/\/$/, ""));
const file = z.string().min(1).max(4_096);

const profile = z.strictObject({
  version: z.literal(1),
  tenantId: z.guid(),
  authority: httpsUrl.default("https://login.microsoftonline.com"),
  /** Microsoft Graph, without `/v1.0`. */
  graph: httpsUrl.default("https://graph.microsoft.com"),
  /** What the names of everything begin with: another one for each installation in a tenant. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/)
    .default("password-writeback"),
  /** Client id of a registration that was made by hand and is to be gone on with. */
  apiClientId: z.guid().optional(),
  /** A further certificate authority, PEM, relative to the profile. */
  caFile: file.optional(),
  /** Signs in as an application instead of with `az login`; the file is relative to the profile. */
  certificate: z.strictObject({ clientId: z.guid(), file }).optional(),
});
export type Profile = z.infer<typeof profile>;

/**
 * Reads which tenant is meant and as whom to sign in.
 * @throws SetupError that names the member
 */
export async function readProfile(path: string): Promise<Profile> {
  const parsed = profile.safeParse(await readJson(path, "profile"));
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join(".");
    throw new SetupError(`The profile is not right${at ? ` at "${at}"` : ""}.`);
  }
  const { caFile, certificate, ...rest } = parsed.data;
  const beside = (name: string) => resolve(dirname(path), name);
  return {
    ...rest,
    ...(caFile !== undefined && { caFile: beside(caFile) }),
    ...(certificate && { certificate: { ...certificate, file: beside(certificate.file) } }),
  };
}

/** @throws SetupError */
export async function readJson(path: string, what: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new SetupError(`The ${what} cannot be read: ${path}`);
  });
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new SetupError(`The ${what} is longer than ${MOST_BYTES} bytes: ${path}`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SetupError(`The ${what} is not JSON: ${path}`);
  }
}
