import type { Handler } from "../http/apiCall.ts";

/** `GET /health`: this instance answers. Anonymous, so it says nothing else. */
export const health: Handler = async () => ({ status: 200, jsonBody: { status: "ok" } });
