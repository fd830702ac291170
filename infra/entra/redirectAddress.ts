import type { CertificateApplication } from "./certificateApplication.ts";
import type { Desk } from "./desk.ts";

/** What an address that Entra sends people's codes to must be: one page, over TLS. */
export const REDIRECT_ADDRESS = [
  /^https:\/\/[A-Za-z\d][A-Za-z\d.-]{0,199}(?::\d{1,5})?(?:\/[\w./~%-]{0,200})?$/,
  "one https address, without query",
] as const;

/**
 * An address that people come back to from their sign-in, beside those that are there.
 * @throws CommandError
 */
export async function ensureRedirect(
  { graph, make }: Desk,
  { id, web }: CertificateApplication,
  address: string,
): Promise<void> {
  const before = web?.redirectUris ?? [];
  if (before.includes(address)) return;
  await make(`lets people come back from their sign-in to ${address}`, () =>
    graph.write("PATCH", `/applications/${id}`, { web: { redirectUris: [...before, address] } }),
  );
}
