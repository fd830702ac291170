import type { Account } from "./profile.ts";

const MICROSOFT =
  /\.(?:microsoftonline\.(?:com|us|cn)|chinacloudapi\.cn|windows\.net|microsoft\.com)\.?$/;

/** Whether an authority is one of Microsoft's, which vouches for itself. */
export const isMicrosoftAuthority = (authority: string): boolean =>
  MICROSOFT.test(new URL(authority).hostname);

/**
 * Whether tokens are Microsoft's: those of `az` always are, those for a certificate are the
 * authority's.
 */
export const signsInAtMicrosoft = ({
  authority,
  certificate,
}: Pick<Account, "authority" | "certificate">): boolean =>
  certificate === undefined || isMicrosoftAuthority(authority);
