import { dirname, resolve } from "node:path";
import { publicKey } from "@password-writeback/protocol/trustList.ts";
import { z } from "zod";
import { readJsonFile } from "./files.ts";
import { OperatorError } from "./operatorError.ts";

const httpsUrl = z
  .url({ protocol: /^https$/ })
  .max(2_048)
  .transform((text) => text.replace(/\/$/, ""));
const file = z.string().min(1).max(4_096);
const keyName = z.string().regex(/^[0-9A-Za-z-]{1,127}$/);

const profile = z.strictObject({
  version: z.literal(1),
  tenantId: z.guid(),
  authority: httpsUrl.default("https://login.microsoftonline.com"),
  api: httpsUrl,
  /** Client id of the API's registration: whom tokens are for. */
  apiClientId: z.guid(),
  vault: httpsUrl,
  rootKeyName: keyName.default("root"),
  signingKeyName: keyName.default("signing"),
  /** What agents need to know of the Service Bus namespace. */
  relay: z.strictObject({
    namespace: z.string().regex(/^[A-Za-z0-9.-]{1,255}$/),
    endpoint: httpsUrl.optional(),
  }),
  /** The root key as it was made: a vault that shows another one is refused. */
  rootKey: publicKey.optional(),
  /** A further certificate authority, PEM, relative to the profile. */
  caFile: file.optional(),
  /** Signs in as an application instead of with `az login`; the file is relative to the profile. */
  certificate: z.strictObject({ clientId: z.guid(), file }).optional(),
});
export type Profile = z.infer<typeof profile>;

/**
 * Reads where the service is and as whom to sign in: what differs between installations.
 * @throws OperatorError that names the member
 */
export async function readProfile(path: string): Promise<Profile> {
  const parsed = profile.safeParse(await readJsonFile(path, "profile"));
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join(".");
    throw new OperatorError(`The profile is not right${at ? ` at "${at}"` : ""}.`);
  }
  const { caFile, certificate, ...rest } = parsed.data;
  const beside = (name: string) => resolve(dirname(path), name);
  return {
    ...rest,
    ...(caFile !== undefined && { caFile: beside(caFile) }),
    ...(certificate && { certificate: { ...certificate, file: beside(certificate.file) } }),
  };
}
