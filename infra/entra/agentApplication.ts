import type { X509Certificate } from "node:crypto";
import { z } from "zod";
import { CommandError } from "../../workstation/commandError.ts";
import type { Desk } from "./desk.ts";

const made = z.object({ id: z.guid(), appId: z.guid() });
const keyCredential = z.looseObject({ key: z.string().nullish() });
const keys = z.object({ keyCredentials: z.array(keyCredential).nullish() });

/**
 * The application of one agent, which signs in with its certificate. A further certificate is added
 * beside the ones that are there: the agent goes over to it when it can.
 * @param agentId as in the trust list
 * @returns its client id; `undefined` where there is none and none was to be made
 * @throws CommandError
 */
export async function ensureAgentApplication(
  { graph, profile, make }: Desk,
  agentId: string,
  certificate: X509Certificate,
): Promise<string | undefined> {
  const name = `${profile.name}-agent-${agentId}`;
  const path = `/applications(uniqueName='${name}')`;
  const found = await graph.read(`${path}?$select=id,appId`, made);
  if (!found) {
    const created = await make(`makes an application with the certificate, "${name}"`, () =>
      graph.create(
        "PATCH",
        path,
        {
          displayName: `Password Writeback agent ${agentId}`,
          signInAudience: "AzureADMyOrg",
          keyCredentials: [asCredential(certificate)],
        },
        made,
      ),
    );
    return created?.appId;
  }
  // Of one object and by selection only: else Graph leaves the certificates themselves out.
  const told = await graph.read(`/applications/${found.id}?$select=keyCredentials`, keys);
  const before = told?.keyCredentials ?? [];
  if (!told || before.some(({ key }) => typeof key !== "string"))
    throw new CommandError("Graph does not tell the certificates that are there: none is added.");
  if (before.some(({ key }) => key === certificate.raw.toString("base64"))) return found.appId;
  await make("adds the certificate, beside those that are there", () =>
    graph.write("PATCH", `/applications/${found.id}`, {
      keyCredentials: [...before, asCredential(certificate)],
    }),
  );
  return found.appId;
}

const asCredential = (certificate: X509Certificate): object => ({
  type: "AsymmetricX509Cert",
  usage: "Verify",
  key: certificate.raw.toString("base64"),
  displayName: `SHA-1 ${certificate.fingerprint.replaceAll(":", "")}`,
  startDateTime: certificate.validFromDate.toISOString(),
  endDateTime: certificate.validToDate.toISOString(),
});
