import { type EnrolOptions, enrol } from "../enrolment/enrol.ts";

/** `enroll`: makes keys and configuration, and the request for the operator. */
export async function enroll(options: EnrolOptions, tell: (text: string) => void): Promise<number> {
  const made = await enrol(options);
  const open = options.clientId === undefined || options.directory === undefined;
  tell(`Agent ${options.id} of connector ${made.connector}

  operators' root key   ${made.rootFingerprint}
  this agent's request  ${made.fingerprint}
  request               ${made.requestFile}
  configuration         ${made.configurationFile}

Compare both fingerprints with the operator, by another road than the files came on.
Then the operator enrols the agent with the request.${
    open ? "\nWhat <…> still stands for in the configuration must be filled in before it runs." : ""
  }
`);
  return 0;
}
