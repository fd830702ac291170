import { createHmac } from "node:crypto";
import { GRAPH_PERMISSIONS, ROLES, SCOPES } from "../../../functions/access/permissions.ts";
import type { Cloud } from "./cloud.ts";

/** Makes a token, or none, or a whole header. */
export type MakeToken = () => Promise<string | undefined>;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const partOf = (token: string, part: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[part] ?? "", "base64url").toString("utf8"));

const STRANGER = "7d3c2f10-0000-4000-8000-00000000ffff";
const without = (name: string) => ({ [name]: undefined });

/** Tokens that are good: every kind of caller, and those that lack one thing. */
export const goodTokens = ({ tokens }: Cloud): Readonly<Record<string, MakeToken>> => ({
  user: () => tokens.user(),
  userSteppedUp: () => tokens.userSteppedUp(),
  userByStranger: () => tokens.userSteppedUp(undefined, { azp: STRANGER }),
  userByGraph: () => tokens.userSteppedUp(undefined, { scp: GRAPH_PERMISSIONS.self.join(" ") }),
  bareUser: () => tokens.userSteppedUp(undefined, { scp: "openid profile" }),
  userWithEveryRole: () => tokens.user(undefined, { roles: Object.values(ROLES) }),
  helpdesk: () => tokens.helpdesk(),
  helpdeskWithoutRole: () => tokens.helpdesk(without("roles")),
  helpdeskWithoutScope: () => tokens.helpdesk({ scp: "openid" }),
  helpdeskByStranger: () => tokens.helpdesk({ azp: STRANGER }),
  globalAdministrator: () => tokens.globalAdministrator(),
  operatorOnly: () => tokens.globalAdministrator({ scp: SCOPES.operate }),
  operatorWithoutRole: () =>
    tokens.globalAdministrator({ scp: SCOPES.operate, ...without("roles") }),
  operator: () => tokens.operator(),
  operatorBySecret: () => tokens.operator({ azpacr: "1" }),
  portal: () => tokens.portal(),
  portalBySecret: () => tokens.portal({ azpacr: "1" }),
  portalWithoutProof: () => tokens.portal(without("azpacr")),
  portalByStranger: () => tokens.portal({ azp: STRANGER }),
  automation: () => tokens.portal({ roles: [ROLES.automation] }),
  automationBySecret: () => tokens.portal({ roles: [ROLES.automation], azpacr: "1" }),
  agent: () => tokens.agent(),
  agentBySecret: () => tokens.agent({ azpacr: "1" }),
  bareApplication: () => tokens.portal(without("roles")),
  applicationWithScopes: () => tokens.portal({ roles: Object.values(SCOPES) }),
});

/** Everything that can be wrong with a token itself, made from a token that is good elsewhere. */
export function wrongTokens({ tokens, identity }: Cloud): Readonly<Record<string, MakeToken>> {
  const second = Math.floor(Date.now() / 1_000);
  const user = (overrides: Record<string, unknown>) => () =>
    tokens.globalAdministrator({ acrs: ["c1"], ...overrides });
  const application = (overrides: Record<string, unknown>) => () => tokens.portal(overrides);
  const forged = async (
    header: Record<string, unknown>,
    sign: (input: string) => string | Promise<string>,
  ): Promise<string> => {
    const token = await user({})();
    const input = `${encode({ ...partOf(token, 0), ...header })}.${encode(partOf(token, 1))}`;
    return `${input}.${await sign(input)}`;
  };
  const hmacByPublicKey = async (input: string) => {
    const { keys } = (await (await fetch(identity.jwksUri)).json()) as { keys: object[] };
    return createHmac("sha256", JSON.stringify(keys[0])).update(input).digest("base64url");
  };
  const otherClaims = async (changes: object): Promise<string> => {
    const [header, payload, signature] = (await tokens.user()).split(".");
    const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString("utf8")) as object;
    return [header, encode({ ...claims, ...changes }), signature].join(".");
  };
  return {
    "no token": async () => undefined,
    "a malformed token": async () => "not.a.token",
    "a token of 12,000 characters": async () => "a".repeat(12_000),
    "two tokens": async () => `${await tokens.user()}, Bearer ${await tokens.user()}`,
    "an expired token": user({ iat: second - 3_700, nbf: second - 3_700, exp: second - 100 }),
    "a token of tomorrow": user({ nbf: second + 80_000, exp: second + 90_000 }),
    "no expiry": user(without("exp")),
    "no begin": user(without("nbf")),
    "no time of issue": user(without("iat")),
    "another audience": user({ aud: "00000003-0000-0000-c000-000000000000" }),
    "another issuer": user({ iss: "https://login.microsoftonline.com/common/v2.0" }),
    "the issuer of another tenant": user({ iss: identity.issuer.replace("aaaa", "bbbb") }),
    "another tenant": user({ tid: "7d3c2f10-0000-4000-8000-00000000bbbb" }),
    "no tenant": user(without("tid")),
    "a v1 token": user({ ver: "1.0" }),
    "no object id": user(without("oid")),
    "no client": user(without("azp")),
    "alg none": () => forged({ alg: "none" }, () => ""),
    "HS256 with the public key": () => forged({ alg: "HS256" }, hmacByPublicKey),
    "an unknown key": () => forged({ kid: "unknown" }, () => "AAAA"),
    "a key of its own": () => forged({ jwk: { kty: "oct", k: "AAAA" } }, hmacByPublicKey),
    "a broken signature": async () => `${(await tokens.user()).slice(0, -8)}AAAAAAAA`,
    "a scope written into it": () => otherClaims({ scp: Object.values(SCOPES).join(" ") }),
    "a role written into it": () => otherClaims({ roles: Object.values(ROLES) }),
    "an ID token": user({ scp: undefined, idtyp: undefined, azp: undefined }),
    "neither user nor application": user({ scp: undefined, idtyp: undefined }),
    "a user without a scope": user({ scp: undefined }),
    "an application with a scope": application({ scp: SCOPES.self }),
    "an application without idtyp": application({ idtyp: undefined }),
    "an application that says it is a user": application({ idtyp: "user" }),
    "a device": application({ idtyp: "device" }),
  };
}
