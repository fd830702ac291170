import { X509Certificate } from "node:crypto";
import { dirname, join } from "node:path";
import type { EnrolmentRequest } from "@password-writeback/protocol/enrolment.ts";
import { CommandError } from "../../workstation/commandError.ts";
import { takeRequest } from "../../workstation/enrolmentRequest.ts";
import { replaceFile } from "../../workstation/files.ts";
import { type Desk, inForce, issue, nothingToSign } from "../desk.ts";
import { stepsForNewAgent } from "../entraSteps.ts";
import { withAgent } from "../nextList.ts";

export interface AddAgentArguments {
  readonly request: string;
  /** Object id, a GUID. */
  readonly servicePrincipal: string;
  /** As it was told by whoever enrolled: another one is refused, and none signs nothing. */
  readonly fingerprint: string | undefined;
}

/** `add-agent`: enrols an agent, or puts the new key of an enrolled one in the old one's place. */
export async function addAgent(desk: Desk, given: AddAgentArguments): Promise<void> {
  const { fingerprint } = given;
  const servicePrincipal = given.servicePrincipal.toLowerCase();
  const request = await takeRequest(given.request, fingerprint, desk.print);
  // What was looked at before may have been changed since.
  if (desk.approved && fingerprint === undefined)
    throw new CommandError(
      "With --yes give --fingerprint too, as whoever runs the agent's host reads it to you.",
    );
  const current = await inForce(desk);
  const next = await withAgent(current.list, request, servicePrincipal, desk.now());
  desk.print(`Certificate of the agent: ${await writeCertificate(given.request, request)}`);
  desk.print(`${stepsForNewAgent(request, servicePrincipal)}\n`);
  if (next) await issue(desk, current, next);
  else await nothingToSign(desk, "This very key is in the list already.");
}

/**
 * A public certificate, for the upload: beside the request that brought it. Written anew from what
 * the fingerprint covers, so that nothing else goes along.
 */
async function writeCertificate(requestFile: string, request: EnrolmentRequest): Promise<string> {
  const file = join(dirname(requestFile), `${request.id}.certificate.pem`);
  await replaceFile(file, new X509Certificate(request.certificate).toString());
  return file;
}
