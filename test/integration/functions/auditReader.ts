import type { directoryAudit } from "../../../functions/audit/directoryAudit.ts";
import type { SampleUser } from "../../../local/samples.ts";
import type { TestCloud } from "./testCloud.ts";

/** An audit record as an operator reads it. */
export type Listed = ReturnType<typeof directoryAudit>;

/** Reads audit records as an operator does: by parameters, or by the path of a next page. */
export function auditReader(cloud: () => TestCloud) {
  return async (query: Record<string, string> | string) => {
    const path =
      typeof query === "string"
        ? query
        : `/v1.0/auditLogs/directoryAudits?${new URLSearchParams(query)}`;
    const answer = await cloud().get(path, await cloud().half.tokens.globalAdministrator());
    return { ...answer, value: (answer.body.value ?? []) as Listed[] };
  };
}

/** The records about somebody, the newest first. */
export const auditsAbout = async (
  read: ReturnType<typeof auditReader>,
  person: SampleUser,
): Promise<Listed[]> => (await read({ target: person.id })).value;

export const detail = ({ additionalDetails }: Listed, wanted: string): string | undefined =>
  additionalDetails.find(({ key }) => key === wanted)?.value;
