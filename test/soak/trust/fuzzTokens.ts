import { createHmac } from "node:crypto";
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from "jose";
import { tokenVerifier, type VerifyToken } from "../../../functions/access/token.ts";
import { ApiError } from "../../../functions/http/apiError.ts";
import { mutateJson, mutateText } from "./mutate.ts";
import type { Random } from "./random.ts";
import { type TrustFigures, tally } from "./tally.ts";

const TENANT = "7d3c2f10-0000-4000-8000-00000000aaaa";
const API = "7d3c2f10-0000-4000-8000-00000000a001";
const AUTHORITY = "https://login.microsoftonline.com";
/** Seconds. */
const NOW = 1_800_000_000;

const COMMON = {
  aud: API,
  iss: `${AUTHORITY}/${TENANT}/v2.0`,
  iat: NOW - 10,
  nbf: NOW - 10,
  exp: NOW + 3_600,
  tid: TENANT,
  oid: "5a3f1c00-0000-4000-8000-000000000011",
  azp: "7d3c2f10-0000-4000-8000-00000000b005",
  sub: "pairwise",
  ver: "2.0",
};
const CLAIMS: readonly object[] = [
  { ...COMMON, azpacr: "0", idtyp: "user", scp: "Password.ReadWrite" },
  { ...COMMON, azpacr: "2", idtyp: "app", roles: ["SelfService.ReadWrite.All"] },
  { ...COMMON, azpacr: "2", idtyp: "app", roles: ["Agent"] },
];

const base64url = (text: string | Buffer): string => Buffer.from(text).toString("base64url");
const parse = (part = ""): object =>
  JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as object;

/** One text of a genuine token, or an attack on it. */
function hostileHeader(
  random: Random,
  token: string,
  other: string,
  publicJwk: object,
  stranger: (claims: object) => string,
): string {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const [, otherClaims = "", otherSignature = ""] = other.split(".");
  const changedHeader = () => base64url(JSON.stringify(mutateJson(random, parse(header))));
  const changedClaims = () => base64url(JSON.stringify(mutateJson(random, parse(claims))));
  const under = (alg: string) => base64url(JSON.stringify({ ...parse(header), alg }));
  const hmac = (input: string) =>
    createHmac("sha256", JSON.stringify(publicJwk)).update(input).digest("base64url");
  switch (random.int(10)) {
    case 0:
      return mutateText(random, `Bearer ${token}`);
    case 1:
      return `Bearer ${mutateText(random, token)}`;
    case 2:
      return `Bearer ${changedHeader()}.${claims}.${signature}`;
    case 3:
      return `Bearer ${header}.${changedClaims()}.${signature}`;
    case 4:
      return `Bearer ${header}.${otherClaims}.${signature}`;
    case 5:
      return `Bearer ${header}.${claims}.${otherSignature}`;
    case 6:
      return `Bearer ${under("none")}.${claims}.`;
    case 7: {
      const input = `${under("HS256")}.${changedClaims()}`;
      return `Bearer ${input}.${hmac(input)}`;
    }
    case 8:
      return `Bearer ${stranger(mutateJson(random, parse(claims)) as object)}`;
    default:
      return random.pick([
        token,
        `Basic ${token}`,
        `Bearer ${token}, Bearer ${other}`,
        `Bearer  ${token}`,
        `Bearer ${token}=`,
        `Bearer ${token}.`,
        `Bearer .${claims}.${signature}`,
      ]);
  }
}

/**
 * Tokens that Entra did not sign as they are. Only the text of a genuine one may pass, and as what
 * it says.
 * @param sabotage puts another verifier in the place of ours, to prove that the judge sees it
 */
export async function fuzzTokens(
  seed: number,
  count: number,
  sabotage?: VerifyToken,
): Promise<TrustFigures> {
  const [pair, wrong] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
  const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const sign = (claims: object, key = pair.privateKey) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "k1" })
      .sign(key);
  const tokens = await Promise.all(CLAIMS.map((claims) => sign(claims)));
  const forgeries = await Promise.all(CLAIMS.map((claims) => sign(claims, wrong.privateKey)));
  const settings = { tenantId: TENANT, audience: API, authority: AUTHORITY };
  const verify =
    sabotage ??
    tokenVerifier(settings, createLocalJWKSet({ keys: [publicJwk] }), () => NOW * 1_000);
  const genuine = new Map<string, string>();
  for (const token of tokens)
    genuine.set(token, JSON.stringify(sabotage ? undefined : await verify(`Bearer ${token}`)));
  return tally("tokens", seed, count, async (random) => {
    const [token = "", other = ""] = [random.pick(tokens), random.pick(tokens)];
    const stranger = (claims: object) => {
      const [header = "", , signature = ""] = random.pick(forgeries).split(".");
      return `${header}.${base64url(JSON.stringify(claims))}.${signature}`;
    };
    const header = hostileHeader(random, token, other, publicJwk, stranger);
    try {
      const caller = JSON.stringify(await verify(header));
      const text = /^bearer (.+)$/i.exec(header)?.[1] ?? "";
      return genuine.get(text) === caller ? "harmless" : "bypass";
    } catch (error) {
      if (error instanceof ApiError && error.code === "unauthenticated") return "refused";
      throw error;
    }
  });
}
