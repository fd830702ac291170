import type { X509Certificate } from "node:crypto";
import { z } from "zod";
import { CommandError } from "../../workstation/commandError.ts";
import type { Desk } from "./desk.ts";
import { tellOwners } from "./owners.ts";

const resourceAccess = z.looseObject({ id: z.string(), type: z.string() });
const application = z.object({
  id: z.guid(),
  appId: z.guid(),
  requiredResourceAccess: z
    .array(z.looseObject({ resourceAppId: z.string(), resourceAccess: z.array(resourceAccess) }))
    .nullish(),
  passwordCredentials: z.array(z.unknown()).nullish(),
  web: z.looseObject({ redirectUris: z.array(z.string()).nullish() }).nullish(),
});
/** An application that signs in with a certificate. */
export type CertificateApplication = z.infer<typeof application>;
const keyCredential = z.looseObject({ key: z.string().nullish() });
const keys = z.object({ keyCredentials: z.array(keyCredential).nullish() });

/**
 * An application that signs in with its certificate. A further certificate is added beside the ones
 * that are there: who uses it goes over when they can.
 * @param suffix what follows the installation's name in its `uniqueName`
 * @returns `undefined` where there is none and none was to be made
 * @throws CommandError
 */
export async function ensureCertificateApplication(
  desk: Desk,
  { suffix, displayName }: { readonly suffix: string; readonly displayName: string },
  certificate: X509Certificate,
): Promise<CertificateApplication | undefined> {
  const { graph, profile, make } = desk;
  const name = `${profile.name}-${suffix}`;
  const path = `/applications(uniqueName='${name}')`;
  const found = await graph.read(
    `${path}?$select=id,appId,requiredResourceAccess,passwordCredentials,web`,
    application,
  );
  if (!found)
    return make(`makes an application with the certificate, "${name}"`, () =>
      graph.create(
        "PATCH",
        path,
        {
          displayName,
          signInAudience: "AzureADMyOrg",
          keyCredentials: [asCredential(certificate)],
        },
        application,
      ),
    );
  // Of one object and by selection only: else Graph leaves the certificates themselves out.
  const told = await graph.read(`/applications/${found.id}?$select=keyCredentials`, keys);
  const before = told?.keyCredentials ?? [];
  if (!told || before.some(({ key }) => typeof key !== "string"))
    throw new CommandError("Graph does not tell the certificates that are there: none is added.");
  await tellWhoElse(desk, found, before.filter(({ key }) => !isThe(certificate, key)).length);
  if (before.some(({ key }) => isThe(certificate, key))) return found;
  await make("adds the certificate, beside those that are there", () =>
    graph.write("PATCH", `/applications/${found.id}`, {
      keyCredentials: [...before, asCredential(certificate)],
    }),
  );
  return found;
}

const isThe = (certificate: X509Certificate, key: string | null | undefined): boolean =>
  key === certificate.raw.toString("base64");

/** Whoever had made it before may be somebody else, who would have all that it is given now. */
async function tellWhoElse(
  desk: Desk,
  { id, passwordCredentials }: CertificateApplication,
  certificates: number,
): Promise<void> {
  await tellOwners(desk, `/applications/${id}`, "the application, who may sign in as it");
  const secrets = passwordCredentials?.length ?? 0;
  const parts = [
    ...(certificates > 0 ? [`other certificates (${certificates})`] : []),
    ...(secrets > 0 ? [`secrets (${secrets}), which this command makes none of`] : []),
  ];
  if (parts.length > 0)
    desk.print(`The application also signs in with ${parts.join(" and ")}. Whose are they?`);
}

const asCredential = (certificate: X509Certificate): object => ({
  type: "AsymmetricX509Cert",
  usage: "Verify",
  key: certificate.raw.toString("base64"),
  displayName: `SHA-1 ${certificate.fingerprint.replaceAll(":", "")}`,
  startDateTime: certificate.validFromDate.toISOString(),
  endDateTime: certificate.validToDate.toISOString(),
});
