import type { HttpRequest } from "@azure/functions";
import { MAX_BODY_BYTES } from "@password-writeback/protocol/limits.ts";
import { z } from "zod";
import { ApiError } from "./apiError.ts";

/** A member name, or a place in a list, that is safe to repeat to the caller. */
const MEMBER_NAME = /^(?:[A-Za-z][A-Za-z0-9]{0,39}|\d{1,4})$/;

/**
 * The JSON body of a call, of at most `mostBytes`.
 * The Functions host hands over an empty body where the client sent it in chunks, so an empty
 * body is always an error, never "nothing to change".
 * @throws ApiError `bodyMissing`, `bodyTooLarge`, `invalidRequest`, `passwordUnusable`
 */
export async function readBody<T>(
  request: HttpRequest,
  schema: z.ZodType<T>,
  mostBytes: number = MAX_BODY_BYTES,
): Promise<T> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > mostBytes) throw new ApiError("bodyTooLarge");
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > mostBytes) throw new ApiError("bodyTooLarge");
  if (bytes.byteLength === 0) throw new ApiError("bodyMissing", { target: "body" });
  const parsed = schema.safeParse(parseJson(new Uint8Array(bytes)));
  if (parsed.success) return parsed.data;
  throw refusal(parsed.error.issues);
}

/**
 * Refuses a body where a call has none, except an empty object, which some clients send.
 * @throws ApiError `bodyTooLarge`, `invalidRequest`
 */
export async function readNoBody(request: HttpRequest): Promise<void> {
  await readBody(request, z.strictObject({})).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.code === "bodyMissing")) throw error;
  });
}

/** Overwrites the bytes: they may hold a password. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError("invalidRequest", { target: "body" });
  } finally {
    bytes.fill(0);
  }
}

function refusal(issues: readonly z.core.$ZodIssue[]): ApiError {
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === "unrecognized_keys") path.push(issue.keys[0] ?? "");
  const target = path.length > 0 && path.every((name) => MEMBER_NAME.test(name)) ? path : ["body"];
  const unusable =
    /^(current|new)Password$/.test(path.at(-1) ?? "") && issue?.code !== "invalid_type";
  return new ApiError(unusable ? "passwordUnusable" : "invalidRequest", {
    target: target.join("."),
  });
}
