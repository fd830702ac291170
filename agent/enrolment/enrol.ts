import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  type Invitation,
  invitationFingerprint,
  invitation as invitationSchema,
  MAX_ENROLMENT_BYTES,
} from "@password-writeback/protocol/enrolment.ts";
import { parseJson } from "@password-writeback/protocol/parseJson.ts";
import { agentId } from "@password-writeback/protocol/trustList.ts";
import { placeholders } from "../complaints.ts";
import { ConfigurationError } from "../configuration.ts";
import { makePrivateFolder, readIfThere, replace } from "../privateFile.ts";
import { readNamed } from "../secretFiles.ts";
import { type GivenAdditions, readAdditions } from "./additions.ts";
import { writeEnrolmentRequest } from "./enrolmentRequest.ts";
import { completed, NAMES, newConfiguration } from "./newConfiguration.ts";
import { ownCertificate } from "./ownCertificate.ts";
import { makeOwnKey, ownKeys } from "./ownKeys.ts";

/** Permission bits of a folder (POSIX). */
const WRITABLE_BY_OTHERS = 0o022;

export interface EnrolOptions extends GivenAdditions {
  /** File that the operator made. */
  readonly invitation: string;
  readonly id: string;
  /** Where the agent's files are to lie. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly wall?: () => number;
}

export interface Enrolled {
  readonly connector: string;
  /** What both people compare before the agent is trusted. */
  readonly fingerprint: string;
  /** What both people compare before the agent's host trusts the operators' key and addresses. */
  readonly invitationFingerprint: string;
  readonly requestFile: string;
  readonly configurationFile: string;
  /** Keys of the configuration that must be filled in before the agent runs. */
  readonly open: readonly string[];
}

/**
 * Makes the agent's keys and its configuration, and writes the request for the operator. What is
 * there already is kept, so that it can be repeated, after a failure or with what was not known
 * before; a key is never replaced.
 * @throws ConfigurationError, or what the file system said
 */
export async function enrol(options: EnrolOptions): Promise<Enrolled> {
  const { id, folder, wall = Date.now } = options;
  if (!agentId.safeParse(id).success)
    throw new ConfigurationError("--id: must be lower-case letters, digits and hyphens.");
  const invitation = await readInvitation(options.invitation);
  const additions = await readAdditions(options);
  const at = (name: string): string => join(folder, name);
  const before = await readIfThere(at(NAMES.configuration));
  const configuration =
    before === undefined
      ? newConfiguration(id, invitation, additions)
      : completed(before, id, invitation, additions);
  await makePrivateFolder(folder);
  await refuseWritableByOthers(folder);
  const [key = await makeOwnKey(at(NAMES.keys), wall() / 1_000)] = await ownKeys(at(NAMES.keys));
  const pem = await ownCertificate(at(NAMES.certificate), id, wall());
  const { connector } = invitation;
  const requestFile = at(NAMES.request);
  const fingerprint = await writeEnrolmentRequest(requestFile, { id, connector, key, pem });
  // Last: where it stands, all else is there.
  await replace(at(NAMES.configuration), `${JSON.stringify(configuration, null, 2)}\n`);
  return {
    connector,
    fingerprint,
    invitationFingerprint: invitationFingerprint(invitation),
    requestFile,
    configurationFile: at(NAMES.configuration),
    open: placeholders(configuration),
  };
}

/** Who may write into the folder may put another configuration there, with another root key. */
async function refuseWritableByOthers(folder: string): Promise<void> {
  const { mode } = await stat(folder);
  if (process.platform !== "win32" && (mode & WRITABLE_BY_OTHERS) !== 0)
    throw new ConfigurationError(
      "--folder: others than the agent's account may write into it; run chmod 700 on it.",
    );
}

async function readInvitation(file: string): Promise<Invitation> {
  const text = await readNamed("--invitation", file);
  const isShort = text.length <= MAX_ENROLMENT_BYTES;
  const { data } = invitationSchema.safeParse(isShort ? parseJson(text) : undefined);
  if (data) return data;
  throw new ConfigurationError("--invitation: is no invitation; have the operator make it anew.");
}
