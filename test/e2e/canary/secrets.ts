import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SERVICE_ACCOUNT } from "../../../local/samples.ts";
import type { Stack } from "../../../local/stack/startStack.ts";

/** No two runs have the same: whatever is found is of this one. */
const password = (name: string): string =>
  `Canary-${name}-${randomBytes(6).toString("hex")}-Ü密"<&`;

/** Passwords that people type in this run; all of them obey the sample policy. */
export const PASSWORDS = {
  first: password("First"),
  second: password("Second"),
  third: password("Third"),
  wrong: password("Wrong"),
  own: password("Own"),
  admin: password("Admin"),
  silent: password("Silent"),
  dropped: password("Dropped"),
  refused: password("Refused"),
  stopped: password("Stopped"),
  hostile: password("Hostile"),
} as const;

/** What of a password no escaping changes; a part of it would be found too. */
const coreOf = (text: string): string => text.slice(0, text.lastIndexOf("-"));

/** A text in the place of a token. */
export const BOGUS_TOKEN = `bogus.${randomBytes(24).toString("base64url")}.token`;

/** The part of a token that nobody can make up. */
const signatureOf = (token: string): string => token.split(".")[2] ?? "";

/** What must be found nowhere: passwords, keys of agent and account, tokens of callers. */
export function secretsOf(stack: Stack, tokens: readonly string[]): Record<string, string> {
  const agent = (file: string) => readFileSync(join(stack.folder, "agent", file), "utf8");
  const { d } = JSON.parse(agent("keys/encryption.jwk.json")) as { d: string };
  const [, pem = ""] = agent("agent.pem").split("\n");
  return {
    ...Object.fromEntries(Object.entries(PASSWORDS).map(([name, text]) => [name, coreOf(text)])),
    "encryption key": d,
    "certificate's key": pem,
    "service account": SERVICE_ACCOUNT.password,
    "bogus token": BOGUS_TOKEN,
    ...Object.fromEntries(tokens.map((token, at) => [`token ${at}`, signatureOf(token)])),
  };
}
