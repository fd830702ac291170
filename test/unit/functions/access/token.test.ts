import { createHmac } from "node:crypto";
import fc from "fast-check";
import {
  base64url,
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JWTVerifyGetKey,
  SignJWT,
} from "jose";
import { tokenVerifier } from "../../../../functions/access/token.ts";
import { ApiError } from "../../../../functions/http/apiError.ts";

const TENANT = "7d3c2f10-0000-4000-8000-00000000aaaa";
const API = "7d3c2f10-0000-4000-8000-00000000a001";
const AUTHORITY = "https://login.microsoftonline.com";
/** Seconds. */
const NOW = 1_800_000_000;
const settings = { tenantId: TENANT, audience: API, authority: AUTHORITY };

const userClaims = {
  aud: API,
  iss: `${AUTHORITY}/${TENANT}/v2.0`,
  iat: NOW - 10,
  nbf: NOW - 10,
  exp: NOW + 3_600,
  tid: TENANT,
  oid: "5a3f1c00-0000-4000-8000-000000000011",
  azp: "7d3c2f10-0000-4000-8000-00000000b005",
  azpacr: "0",
  idtyp: "user",
  scp: "Password.ReadWrite profile",
  sub: "pairwise",
  ver: "2.0",
};
const { scp: _, ...withoutScope } = userClaims;
const appClaims = { ...withoutScope, idtyp: "app", azpacr: "2", roles: ["Agent"] };

let key: CryptoKey;
let stranger: CryptoKey;
let publicJwk: object;
let keys: JWTVerifyGetKey;
beforeAll(async () => {
  const pair = await generateKeyPair("RS256");
  key = pair.privateKey;
  stranger = (await generateKeyPair("RS256")).privateKey;
  publicJwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  keys = createLocalJWKSet({ keys: [publicJwk as { kty: string }] });
});

const sign = (claims: object, header: object = {}, by = key): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "k1", ...header })
    .sign(by);
const verify = (header: string | null, now = NOW) =>
  tokenVerifier(settings, keys, () => now * 1_000)(header);
const refusal = async (header: string | null, now = NOW): Promise<ApiError> => {
  const error: unknown = await verify(header, now).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error("it passed");
  return error;
};
const CHALLENGE =
  `Bearer realm="${TENANT}", authorization_uri="${AUTHORITY}/${TENANT}/oauth2/authorize", ` +
  `error="invalid_token"`;
const refused = async (header: string | null, now = NOW) => {
  const error = await refusal(header, now);
  expect({ code: error.code, headers: error.headers, target: error.target }).toEqual({
    code: "unauthenticated",
    headers: { "WWW-Authenticate": CHALLENGE },
    target: undefined,
  });
};
const drop = (name: string) =>
  Object.fromEntries(Object.entries(userClaims).filter(([each]) => each !== name));

test("a user's token says who called, with which scopes", async () => {
  expect(await verify(`Bearer ${await sign(userClaims)}`)).toEqual({
    kind: "user",
    id: userClaims.oid,
    application: userClaims.azp,
    clientProof: "0",
    scopes: ["Password.ReadWrite", "profile"],
    roles: [],
  });
});

test("a token says how strongly the user signed in, what the client can, and its own id", async () => {
  const more = { acrs: ["c1", "p1"], xms_cc: ["CP1"], uti: "Zx-1", auth_time: NOW - 60 };
  expect(await verify(`Bearer ${await sign({ ...userClaims, ...more })}`)).toMatchObject({
    contexts: ["c1", "p1"],
    capabilities: ["CP1"],
    tokenId: "Zx-1",
  });
  const bare = await sign({ ...userClaims, acrs: "c1", xms_cc: "cp1" });
  expect(await verify(`Bearer ${bare}`)).toMatchObject({ contexts: ["c1"], capabilities: ["cp1"] });
});

test("the name in a token is for the record; one that is none costs nobody their call", async () => {
  const named = { ...userClaims, preferred_username: "alex@corp.example" };
  expect(await verify(`Bearer ${await sign(named)}`)).toMatchObject({ name: "alex@corp.example" });
  for (const preferred_username of ["", 7, "x".repeat(257)]) {
    const { id, name } = await verify(
      `Bearer ${await sign({ ...userClaims, preferred_username })}`,
    );
    expect([id, name]).toEqual([userClaims.oid, undefined]);
  }
});

test("the scheme may be written in any case (RFC 9110 §11.1)", async () => {
  expect(await verify(`bearer ${await sign(userClaims)}`)).toMatchObject({ kind: "user" });
});

test("an application's token says which, with which roles", async () => {
  expect(await verify(`Bearer ${await sign(appClaims)}`)).toMatchObject({
    kind: "application",
    scopes: [],
    roles: ["Agent"],
  });
});

test("a user's token without idtyp is known by its scope", async () => {
  const { idtyp: __, ...claims } = userClaims;
  expect(await verify(`Bearer ${await sign(claims)}`)).toMatchObject({ kind: "user" });
});

test.each<[string, string | null]>([
  ["no header", null],
  ["an empty header", ""],
  ["no token", "Bearer "],
  ["another scheme", "Basic dXNlcjpwYXNz"],
  ["garbage", "Bearer garbage"],
  ["two tokens", "Bearer a.b.c, Bearer a.b.c"],
  ["a token of 17,000 characters", `Bearer ${"a".repeat(17_000)}`],
])("%s is refused", (_name, header) => refused(header));

test("a good token under another scheme, or twice, is refused", async () => {
  const token = await sign(userClaims);
  await refused(token);
  await refused(`DPoP ${token}`);
  await refused(`Bearer ${token}, Bearer ${token}`);
  await refused(`Bearer  ${token}`);
});

test.each<[string, () => object]>([
  ["another audience", () => ({ ...userClaims, aud: "00000003-0000-0000-c000-000000000000" })],
  ["the App ID URI as audience", () => ({ ...userClaims, aud: `api://${API}` })],
  ["no audience", () => drop("aud")],
  ["another issuer", () => ({ ...userClaims, iss: "https://evil.example/v2.0" })],
  ["the issuer of v1", () => ({ ...userClaims, iss: `https://sts.windows.net/${TENANT}/` })],
  ["the issuer of another tenant", () => ({ ...userClaims, iss: `${AUTHORITY}/x/v2.0` })],
  ["another tenant", () => ({ ...userClaims, tid: "7d3c2f10-0000-4000-8000-00000000bbbb" })],
  ["no tenant", () => drop("tid")],
  ["version 1", () => ({ ...userClaims, ver: "1.0" })],
  ["no version", () => drop("ver")],
  ["no expiry", () => drop("exp")],
  ["no begin", () => drop("nbf")],
  ["no time of issue", () => drop("iat")],
  ["no object id", () => drop("oid")],
  ["no client", () => drop("azp")],
  ["a proof of the client that is not known", () => ({ ...userClaims, azpacr: "3" })],
  ["a tenant in capital letters", () => ({ ...userClaims, tid: TENANT.toUpperCase() })],
  ["no scope but an empty one", () => ({ ...userClaims, scp: "" })],
  ["a version that is a number", () => ({ ...userClaims, ver: 2 })],
  ["two audiences of which one is ours", () => ({ ...userClaims, aud: [API, "other"] })],
  ["an expiry a minute ago", () => ({ ...userClaims, exp: NOW - 60 })],
  ["a begin in a minute", () => ({ ...userClaims, nbf: NOW + 60 })],
  ["neither scope nor idtyp (an ID token)", () => withoutScope],
  ["a user's idtyp and no scope", () => ({ ...withoutScope, idtyp: "user" })],
  ["an application's idtyp and a scope", () => ({ ...userClaims, idtyp: "app" })],
  ["an idtyp that is not known", () => ({ ...userClaims, idtyp: "device" })],
  [
    "roles and neither scope nor idtyp",
    () => {
      const { idtyp: __, ...claims } = appClaims;
      return claims;
    },
  ],
  ["roles that are no list", () => ({ ...appClaims, roles: "Agent" })],
  ["scopes that are a list", () => ({ ...userClaims, scp: ["Password.ReadWrite"] })],
])("a well signed token with %s is refused", async (_name, claims) =>
  refused(`Bearer ${await sign(claims())}`),
);

test("half a minute of clock difference is tolerated", async () => {
  await verify(`Bearer ${await sign({ ...userClaims, exp: NOW - 29 })}`);
  await verify(`Bearer ${await sign({ ...userClaims, nbf: NOW + 29 })}`);
});

test("another key, an unknown kid, another typ or a critical header is refused", async () => {
  await refused(`Bearer ${await sign(userClaims, {}, stranger)}`);
  await refused(`Bearer ${await sign(userClaims, { kid: "k2" })}`);
  await refused(`Bearer ${await sign(userClaims, { kid: undefined })}`);
  await refused(`Bearer ${await sign(userClaims, { typ: "at+jwt" })}`);
  await refused(`Bearer ${await sign(userClaims, { typ: undefined })}`);
  const jwk = await exportJWK((await generateKeyPair("RS256", { extractable: true })).publicKey);
  await refused(`Bearer ${await sign(userClaims, { jwk }, stranger)}`);
});

test("none, and HS256 with the public key, are refused", async () => {
  const encode = (value: object) => base64url.encode(JSON.stringify(value));
  const header = (alg: string) => encode({ alg, typ: "JWT", kid: "k1" });
  await refused(`Bearer ${header("none")}.${encode(userClaims)}.`);
  await refused(`Bearer ${header("None")}.${encode(userClaims)}.AAAA`);
  const input = `${header("HS256")}.${encode(userClaims)}`;
  const mac = createHmac("sha256", JSON.stringify(publicJwk)).update(input).digest("base64url");
  await refused(`Bearer ${input}.${mac}`);
});

test("PS256 by the right key is refused: the list of algorithms has one member", async () => {
  const pair = await generateKeyPair("PS256", { extractable: true });
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1" };
  const token = await sign(userClaims, { alg: "PS256" }, pair.privateKey);
  const both = tokenVerifier(
    settings,
    createLocalJWKSet({ keys: [jwk as { kty: string }] }),
    () => NOW * 1_000,
  );
  await expect(both(`Bearer ${token}`)).rejects.toMatchObject({ code: "unauthenticated" });
});

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Another text than the one given, by one change. */
const mutation = (token: string) =>
  fc
    .oneof(
      fc.tuple(fc.nat(token.length - 1), fc.constantFrom(...ALPHABET, ".", "=", " ", "\n", "%")),
      fc.tuple(fc.nat(token.length - 1), fc.constant("")),
      fc.tuple(fc.nat(token.length - 1), fc.string({ minLength: 2, maxLength: 4 })),
      // The last character of a part has spare bits, which a lax decoder drops.
      fc.tuple(fc.constant(token.length - 1), fc.constantFrom(...ALPHABET)),
    )
    .map(([at, by]) => token.slice(0, at) + by + token.slice(at + 1))
    .filter((changed) => changed !== token);

test("no mutation of a good token passes", async () => {
  const token = await sign(userClaims);
  await fc.assert(
    fc.asyncProperty(mutation(token), (changed) => refused(`Bearer ${changed}`)),
    { numRuns: 300 },
  );
});

test("no flipped bit of a good token passes", async () => {
  const token = await sign(userClaims);
  await fc.assert(
    fc.asyncProperty(fc.nat(2), fc.nat(), fc.nat(7), async (part, position, bit) => {
      const parts = token.split(".");
      const bytes = base64url.decode(parts[part] ?? "");
      const at = position % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      parts[part] = base64url.encode(bytes);
      await refused(`Bearer ${parts.join(".")}`);
    }),
    { numRuns: 200 },
  );
});

test.each<[string, () => Promise<string | null>, string]>([
  ["no header", async () => null, "noToken"],
  ["a header too long", async () => `Bearer ${"a".repeat(17_000)}`, "tooLong"],
  ["garbage", async () => "Bearer x", "malformed"],
  ["an expired token", () => sign({ ...userClaims, exp: NOW - 60 }), "expired"],
  ["another audience", () => sign({ ...userClaims, aud: "x" }), "claim:aud"],
  ["another tenant", () => sign({ ...userClaims, tid: "x" }), "claim:tid"],
  ["another version", () => sign({ ...userClaims, ver: "1.0" }), "claim:ver"],
  ["an unknown key", () => sign(userClaims, { kid: "k2" }), "unknownKey"],
  ["another key", () => sign(userClaims, {}, stranger), "signature"],
  ["neither kind", () => sign(withoutScope), "kind"],
])("the log says why, and nothing of the token: %s", async (_name, make, reason) => {
  const text = await make();
  const header = text === null || text.startsWith("Bearer") ? text : `Bearer ${text}`;
  const { cause } = await refusal(header);
  expect(cause).toMatchObject({ name: "AccessFault", code: reason, message: reason });
});

test("keys that cannot be had are no reason to sign in again", async () => {
  const down = tokenVerifier(
    settings,
    () => Promise.reject(new ApiError("signInKeysUnavailable")),
    () => NOW * 1_000,
  );
  await expect(down(`Bearer ${await sign(userClaims)}`)).rejects.toMatchObject({
    code: "signInKeysUnavailable",
    status: 503,
  });
});

test("a national cloud has its own issuer, and is named in its own challenge", async () => {
  const authority = "https://login.chinacloudapi.cn";
  const china = tokenVerifier({ ...settings, authority }, keys, () => NOW * 1_000);
  const iss = `https://login.partner.microsoftonline.cn/${TENANT}/v2.0`;
  expect(await china(`Bearer ${await sign({ ...userClaims, iss })}`)).toMatchObject({
    kind: "user",
  });
  await refused(`Bearer ${await sign({ ...userClaims, iss })}`);
  await expect(china(`Bearer ${await sign(userClaims)}`)).rejects.toMatchObject({
    code: "unauthenticated",
    headers: {
      "WWW-Authenticate": expect.stringContaining(
        `authorization_uri="${authority}/${TENANT}/oauth2/authorize"`,
      ),
    },
  });
});
