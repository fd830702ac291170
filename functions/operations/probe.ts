import { z } from "zod";
import type { Handler } from "../http/apiCall.ts";
import { ApiError } from "../http/apiError.ts";
import { readBody } from "../http/body.ts";
import { outcomeAnswer } from "../writeback/answers.ts";
import { readGround } from "../writeback/liveAgents.ts";
import { findEarlier, repeatNames } from "../writeback/repeats.ts";
import { writeBack } from "../writeback/writeBack.ts";

const body = z.strictObject({ connector: z.string().max(40) });

/** `POST /v1.0/probe`: the real round trip through agent and directory; it writes nothing. */
export const probe: Handler = async (call, parts) => {
  const { connector } = await readBody(call.request, body);
  if (!parts.connectors.some(({ name }) => name === connector))
    throw new ApiError("invalidRequest", { target: "connector" });
  const intent = { operation: "probe", origin: "operator", connector } as const;
  const names = repeatNames(call, `probe|${connector}`, parts.tenantId);
  const [ground, earlier] = await Promise.all([readGround(parts), findEarlier(call, names, parts)]);
  return outcomeAnswer(await writeBack(intent, ground, earlier, call, parts), call);
};
