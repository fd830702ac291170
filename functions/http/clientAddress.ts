import { isIP } from "node:net";

/** Above the longest address with brackets and a port. */
const MAX_CHARACTERS = 64;
const CHARACTERS = /^[\da-f:.]+$/i;
const IN_BRACKETS = /^\[([^\]]+)\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/;

/**
 * Where a call came from, as the front end in front of the host saw it: the last entry of
 * `X-Forwarded-For`. What stands before it the client may have written, and all of it where there
 * is no front end: it is read before anybody has proved anything, so nothing long is looked at.
 */
export function clientAddress(headers: { get(name: string): string | null }): string | undefined {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  if (last.length > MAX_CHARACTERS) return undefined;
  const address = IN_BRACKETS.exec(last)?.[1] ?? IPV4_WITH_PORT.exec(last)?.[1] ?? last;
  return CHARACTERS.test(address) && isIP(address) !== 0 ? address : undefined;
}
