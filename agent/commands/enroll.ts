import { type EnrolOptions, enrol } from "../enrolment/enrol.ts";

/** `enroll`: makes keys and configuration, and the request for the operator. */
export async function enroll(options: EnrolOptions, tell: (text: string) => void): Promise<number> {
  const made = await enrol(options);
  const open = made.open.map((key) => `\n  ${key}`).join("");
  tell(`Agent ${options.id} of connector ${made.connector}

  invitation            ${made.invitationFingerprint}
  this agent's request  ${made.fingerprint}
  request               ${made.requestFile}
  configuration         ${made.configurationFile}

Compare both fingerprints with the operator, by another road than the files came on.
Then the operator enrols the agent with the request.${
    open === ""
      ? `\n\nNothing is left to be filled in. To start it: run --config ${made.configurationFile}`
      : `\n\nTo be filled in before it runs, in the place of <…>:${open}`
  }
`);
  return 0;
}
