import type { Caller } from "./caller.ts";

/** Where a call on the routes for other people's accounts comes from: a person or a program. */
export const helperOrigin = ({ kind }: Caller): "admin" | "automation" =>
  kind === "user" ? "admin" : "automation";
