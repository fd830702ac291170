import { basename } from "node:path";
import { invitation, invitationFingerprint } from "@password-writeback/protocol/enrolment.ts";
import { CommandError } from "../../workstation/commandError.ts";
import { writeNewFile } from "../../workstation/files.ts";
import type { Desk } from "../desk.ts";

/** `invite`: writes the file that an agent's host enrols with. Nothing in it is secret. */
export async function invite(desk: Desk, connector: string, file: string): Promise<void> {
  const { profile } = desk;
  const { key } = await desk.authority.root();
  const parsed = invitation.safeParse({
    version: 1,
    api: profile.api,
    tenantId: profile.tenantId,
    authority: profile.authority,
    apiClientId: profile.apiClientId,
    connector,
    relay: profile.relay,
    rootKey: key,
  });
  if (!parsed.success)
    throw new CommandError("A connector has lower-case letters, digits and hyphens: --connector.");
  await writeNewFile(file, `${JSON.stringify(parsed.data, null, 2)}\n`);
  desk.print(`Invitation to connector "${connector}": ${file}

Carry it to the agent's host and run there:

  password-writeback-agent enroll --invitation ${basename(file)} --id ID --folder DIR

The host shows the fingerprint of the invitation; it must be

  ${invitationFingerprint(parsed.data)}

Tell it to whoever enrols by another way than the file's.`);
  await warnOfUnknown(connector, desk);
}

/** An agent of a connector whose name was misspelt would never get a request. */
async function warnOfUnknown(connector: string, desk: Desk): Promise<void> {
  // An invitation may be written before the service can be asked.
  const known = await desk.connectors().catch(() => undefined);
  if (known === undefined || known.includes(connector)) return;
  desk.print(`
Warning: the service has no connector "${connector}" in its setting CONNECTORS.
It has: ${known.join(", ")}. Until that is changed the agent gets no requests.`);
}
