import type { z } from "zod";
import { parseJson } from "../../../protocol/parseJson.ts";
import type { JsonRequest } from "../../http/jsonServer.ts";
import { GraphError } from "./graphCall.ts";

/** @throws GraphError for what is not JSON, or has another shape than Graph takes */
export function jsonBody<T>({ body }: JsonRequest, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new GraphError(400, "Request_BadRequest", `Invalid value for property '${at}'.`);
}
