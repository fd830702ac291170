import { X509Certificate } from "node:crypto";
import { dirname, join } from "node:path";
import {
  type EnrolmentRequest,
  enrolmentFingerprint,
  verifyEnrolmentRequest,
} from "@password-writeback/protocol/enrolment.ts";
import { z } from "zod";
import { CommandError } from "../../workstation/commandError.ts";
import { readJsonFile, replaceFile } from "../../workstation/files.ts";
import { type Desk, inForce, issue, nothingToSign } from "../desk.ts";
import { stepsForNewAgent } from "../entraSteps.ts";
import { withAgent } from "../nextList.ts";

export interface AddAgentArguments {
  readonly request: string;
  /** Object id. */
  readonly servicePrincipal: string;
  /** As it was told by whoever enrolled: another one is refused, and none signs nothing. */
  readonly fingerprint: string | undefined;
}

/** `add-agent`: enrols an agent, or puts the new key of an enrolled one in the old one's place. */
export async function addAgent(desk: Desk, given: AddAgentArguments): Promise<void> {
  const servicePrincipal = z.guid().safeParse(given.servicePrincipal.toLowerCase());
  if (!servicePrincipal.success)
    throw new CommandError("--service-principal takes an object id, a GUID.");
  const asked = await readJsonFile(given.request, "request");
  const request = await verifyEnrolmentRequest(asked).catch(() => {
    throw new CommandError("This is no request of an agent, or somebody has changed it.");
  });
  const fingerprint = enrolmentFingerprint(request);
  desk.print(`Request of agent "${request.id}", connector "${request.connector}"

  ${fingerprint}

This fingerprint must be the one that the agent's host has shown.\n`);
  if (given.fingerprint !== undefined && given.fingerprint.toUpperCase() !== fingerprint)
    throw new CommandError("It is not the fingerprint that was given: refuse this request.");
  // What was looked at before may have been changed since.
  if (desk.approved && given.fingerprint === undefined)
    throw new CommandError(
      "With --yes give --fingerprint too, as whoever runs the agent's host reads it to you.",
    );
  const current = await inForce(desk);
  const next = await withAgent(current.list, request, servicePrincipal.data, desk.now());
  desk.print(`Certificate of the agent: ${await writeCertificate(given.request, request)}`);
  desk.print(`${stepsForNewAgent(request, servicePrincipal.data)}\n`);
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
