import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from "jose";

const AUTHORITY = "https://login.microsoftonline.com";
const TENANT_ID = "7d3c2f10-0000-4000-8000-00000000aaaa";
const AUDIENCE = "7d3c2f10-0000-4000-8000-00000000a001";
const PORTAL = "7d3c2f10-0000-4000-8000-00000000b004";

/** A portal's access token with these app roles, and what it is verified with. */
export async function portalToken(roles: readonly string[]) {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = createLocalJWKSet({
    keys: [{ ...(await exportJWK(publicKey)), kid: "bench", alg: "RS256", use: "sig" }],
  });
  const token = await new SignJWT({
    tid: TENANT_ID,
    oid: PORTAL,
    ver: "2.0",
    azp: PORTAL,
    azpacr: "2",
    idtyp: "app",
    roles,
  })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "bench" })
    .setIssuer(`${AUTHORITY}/${TENANT_ID}/v2.0`)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setNotBefore("0s")
    .setExpirationTime("1h")
    .sign(privateKey);
  const settings = { tenantId: TENANT_ID, audience: AUDIENCE, authority: AUTHORITY };
  const access = {
    allowedClients: new Set([PORTAL]),
    acceptGraphPermissions: false,
    portalMayUseSecret: false,
  };
  return { header: `Bearer ${token}`, settings, keys, access };
}
