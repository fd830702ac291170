/** OpenID Connect discovery document of the tenant: what MSAL and token verifiers read. */
export function discoveryDocument(authority: string, tenantId: string, issuer: string) {
  const base = `${authority}/${tenantId}`;
  return {
    issuer,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: jwksUri(authority, tenantId),
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    grant_types_supported: ["client_credentials"],
    response_types_supported: ["token"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  };
}

export const jwksUri = (authority: string, tenantId: string): string =>
  `${authority}/${tenantId}/discovery/v2.0/keys`;
