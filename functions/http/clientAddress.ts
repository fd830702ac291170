/** An address of IPv4, with its port or without, or one of IPv6 in brackets or without. */
const ADDRESS = /^(?:\[([0-9a-f:.]+)\]|([0-9a-f:]*:[0-9a-f:.]*:[0-9a-f:.]*)|([\d.]+))(?::\d+)?$/i;

/**
 * Where a call came from, as the front end in front of the host saw it: the last entry of
 * `X-Forwarded-For`. What stands before it the client may have written.
 */
export function clientAddress(headers: { get(name: string): string | null }): string | undefined {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  const [, bracketed, six, four] = ADDRESS.exec(last) ?? [];
  return bracketed ?? six ?? four;
}
