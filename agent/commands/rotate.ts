import { readConfiguration } from "../configuration.ts";
import { rotateCertificate, useNextCertificate } from "../enrolment/rotateCertificate.ts";
import { rotateKey } from "../enrolment/rotateKey.ts";

export type Rotate = "key" | "certificate" | "useCertificate";

/** `rotate-key`: a new key, or a new certificate, beside the one in use. */
export async function rotate(
  configFile: string,
  what: Rotate,
  tell: (text: string) => void,
): Promise<number> {
  const configuration = await readConfiguration(configFile);
  if (what === "useCertificate") {
    await useNextCertificate(configuration);
    tell("Entra takes the new certificate, and it is in place. The old one may go.\n");
    return 0;
  }
  const make = what === "key" ? rotateKey : rotateCertificate;
  const { fingerprint, requestFile } = await make(configuration, Date.now());
  tell(`Agent ${configuration.agentId} of connector ${configuration.connector}

  this agent's request  ${fingerprint}
  request               ${requestFile}

${NEXT[what](configFile)}
The agent goes on working meanwhile.
`);
  return 0;
}

/** What is to be done with the request. */
const NEXT = {
  key: () =>
    "Compare the fingerprint with the operator, who then enrols the agent anew with the request.",
  certificate: (configFile: string) =>
    `Compare the fingerprint with the operator, whose add-agent then shows the certificate and where
it goes in Entra; the trust list does not change by it. When it is there:
rotate-key --use-certificate --config ${configFile}`,
} as const;
