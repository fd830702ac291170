import {
  type EnrolmentRequest,
  enrolmentFingerprint,
  verifyEnrolmentRequest,
} from "@password-writeback/protocol/enrolment.ts";
import { CommandError } from "./commandError.ts";
import { readJsonFile } from "./files.ts";

/**
 * Reads the request of an agent.
 * @param told fingerprint that whoever runs the agent's host has told, if it is known
 * @param print is given the request's own, to be compared
 * @throws CommandError for a file that is none, and for another request than the one told
 */
export async function takeRequest(
  file: string,
  told: string | undefined,
  print: (text: string) => void,
): Promise<EnrolmentRequest> {
  const request = await verifyEnrolmentRequest(await readJsonFile(file, "request")).catch(() => {
    throw new CommandError(`This is no request of an agent, or somebody has changed it: ${file}`);
  });
  const fingerprint = enrolmentFingerprint(request);
  print(`Request of agent "${request.id}", connector "${request.connector}"

  ${fingerprint}

This fingerprint must be the one that the agent's host has shown.\n`);
  if (told !== undefined && told.toUpperCase() !== fingerprint)
    throw new CommandError(
      "It is not the fingerprint that was given: refuse this request. Nothing was done.",
    );
  return request;
}
