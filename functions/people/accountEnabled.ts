import { z } from "zod";
import { ApiError } from "../http/apiError.ts";
import type { GraphCall } from "./graph.ts";

const account = z.object({ accountEnabled: z.boolean() });

/**
 * Whether somebody may sign in at this moment. Their token says that they might when they got it,
 * which can be more than an hour ago.
 * @param id object id
 * @throws ApiError `userFactsUnavailable`
 */
export async function isEnabled(graph: GraphCall, id: string): Promise<boolean> {
  try {
    const path = `/v1.0/users/${encodeURIComponent(id)}?$select=accountEnabled`;
    const { status, bodyAsText } = await graph(path);
    if (status !== 200) throw new Error(`Graph answered ${status}`);
    return account.parse(JSON.parse(bodyAsText ?? "")).accountEnabled;
  } catch (cause) {
    throw new ApiError("userFactsUnavailable", { cause });
  }
}
