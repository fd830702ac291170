import { dirname, resolve } from "node:path";
import { z } from "zod";
import { CommandError } from "./commandError.ts";
import { readJsonFile } from "./files.ts";

/** An address, without a slash at its end. */
export const httpsUrl = z
  .url({ protocol: /^https$/, abort: true })
  .max(2_048)
  .transform((text) => text.replace(/\/$/, ""));
const file = z.string().min(1).max(4_096);

/** Members of every profile: which tenant, and as whom to sign in. */
export const ACCOUNT_MEMBERS = {
  version: z.literal(1),
  tenantId: z.guid(),
  authority: httpsUrl.default("https://login.microsoftonline.com"),
  /** A further certificate authority, PEM, relative to the profile. */
  caFile: file.optional(),
  /** Signs in as an application instead of with `az login`; the file is relative to the profile. */
  certificate: z.strictObject({ clientId: z.guid(), file }).optional(),
};
const account = z.object(ACCOUNT_MEMBERS);
export type Account = z.infer<typeof account>;

/**
 * Reads the profile of a command, with names of files as seen from here.
 * @throws CommandError that names the member that is wrong
 */
export async function readProfileAs<T extends Account>(
  path: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const parsed = schema.safeParse(await readJsonFile(path, "profile"));
  if (!parsed.success)
    throw new CommandError(`The profile is not right${placeOf(parsed.error.issues[0])}.`);
  const { data } = parsed;
  const { caFile, certificate } = data;
  const beside = (name: string) => resolve(dirname(path), name);
  return {
    ...data,
    ...(caFile !== undefined && { caFile: beside(caFile) }),
    ...(certificate && { certificate: { ...certificate, file: beside(certificate.file) } }),
  };
}

function placeOf(issue: z.core.$ZodIssue | undefined): string {
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const at = [...(issue?.path ?? []), ...unknown].join(".");
  return at === "" ? "" : ` at "${at}"`;
}
