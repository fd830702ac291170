import type { HttpResponseInit } from "@azure/functions";
import { checkStillEnabled } from "../access/checkStillEnabled.ts";
import type { ApiCall, Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { readBody } from "../http/body.ts";
import type { Parts } from "../parts.ts";
import { settingsChanges } from "../records/settingsChanges.ts";
import type { CurrentSettings } from "../records/settingsStore.ts";
import { type SettingsChange, settingsChange } from "../records/tenantSettings.ts";

/** `GET /v1.0/onPremisesIntegration`: what the operators have decided. */
export const readSettings: Handler = async (_call, parts) =>
  answer(await parts.settings.current(), parts);

/**
 * `PATCH /v1.0/onPremisesIntegration`: the members that are given, and no others. With `If-Match`
 * only if nobody has changed them since they were read.
 * @throws ApiError `accessDenied`, `groupUnusable`, `settingsChanged`, `settingsUnusable`,
 * `recordsUnavailable`, `userFactsUnavailable`
 */
export const changeSettings: Handler = async (call, parts) => {
  const given = await readBody(call.request, settingsChange);
  await Promise.all([checkStillEnabled(call, parts), checkGroups(given, parts)]);
  const after = await parts.settings.change(given, ifMatch(call), (old, next) =>
    call.trail.note({ changes: settingsChanges(old, next) }),
  );
  return answer(after, parts);
};

/**
 * A group that holds nobody, for a slip of the pen, would exclude nobody and nobody would notice.
 */
async function checkGroups({ selfService }: SettingsChange, parts: Parts): Promise<void> {
  for (const name of ["includeGroups", "excludeGroups"] as const) {
    const ids = [...new Set(selfService?.[name])];
    const usable = await Promise.all(ids.map((id) => parts.memberships.canTell(id)));
    const target = `selfService.${name}.${usable.indexOf(false)}`;
    if (usable.includes(false)) throw new ApiError("groupUnusable", { target });
  }
}

const answer = ({ settings, etag }: CurrentSettings, { tenantId }: Parts): HttpResponseInit => ({
  status: 200,
  headers: { ETag: etag, "Cache-Control": "no-store" },
  jsonBody: { id: tenantId, ...settings },
});

const MAX_HEADER_CHARACTERS = 1_000;

/** Entity tags of the header; undefined where there is none, or `*`: there always are settings. */
function ifMatch({ request }: ApiCall): readonly string[] | undefined {
  const header = request.headers.get("if-match")?.trim();
  if (header === undefined || header === "*") return undefined;
  const tags = header.split(",").map((tag) => tag.trim());
  if (header.length > MAX_HEADER_CHARACTERS || !tags.every((tag) => /^(W\/)?"[^"]*"$/.test(tag)))
    throw new ApiError("invalidRequest", { target: "If-Match" });
  return tags;
}
