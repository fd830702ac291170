import { ClientCertificateCredential, ManagedIdentityCredential } from "@azure/identity";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { GRAPH, STORAGE } from "../../local/identity/resource.ts";
import { AGENT, API, FUNCTIONS, startTenant, TENANT, type Tenant } from "./identityFixture.ts";

let tenant: Tenant;
const environment = { ...process.env };

beforeAll(async () => {
  tenant = await startTenant();
  process.env.IDENTITY_ENDPOINT = tenant.identity.managedIdentityEndpoint;
  process.env.IDENTITY_HEADER = tenant.identity.managedIdentityHeader;
});
afterAll(async () => {
  process.env = environment;
  await tenant.stop();
});

const agentCredential = (certificate = tenant.agentPem, clientId = AGENT.clientId) =>
  new ClientCertificateCredential(
    TENANT,
    clientId,
    { certificate },
    {
      authorityHost: tenant.identity.authority,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: tenant.certificates.ca },
      retryOptions: { maxRetries: 0 },
    },
  );

describe("client certificate", () => {
  test("the token for our API is of version 2 and names the agent", async () => {
    const { token } = await agentCredential().getToken(`api://${API.clientId}/.default`);
    expect(await tenant.identity.verify(token, API.clientId)).toMatchObject({
      aud: API.clientId,
      iss: `${tenant.identity.authority}/${TENANT}/v2.0`,
      ver: "2.0",
      azp: AGENT.clientId,
      azpacr: "2",
      idtyp: "app",
      oid: AGENT.objectId,
      tid: TENANT,
      roles: ["Agent.Heartbeat"],
    });
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "RS256", typ: "JWT" });
  });

  test("the token for Service Bus is of version 1, whatever slashes the scope has", async () => {
    const scope = "https://servicebus.azure.net//.default";
    const { token } = await agentCredential().getToken(scope);
    const claims = await tenant.identity.verify(token, "https://servicebus.azure.net");
    expect(claims).toMatchObject({
      aud: "https://servicebus.azure.net",
      iss: `https://sts.windows.net/${TENANT}/`,
      ver: "1.0",
      appid: AGENT.clientId,
      oid: AGENT.objectId,
    });
    expect(claims.roles).toBeUndefined();
  });

  test.each([
    ["a certificate that isn't registered", () => agentCredential(tenant.strangerPem), "700027"],
    ["a client without certificates", () => agentCredential(undefined, API.clientId), "700027"],
    ["an unknown client", () => agentCredential(undefined, TENANT), "700016"],
  ])("%s gets none", async (_case, credential, number) => {
    await expect(credential().getToken(`${STORAGE}/.default`)).rejects.toThrow(`AADSTS${number}`);
  });

  test("a resource that the tenant doesn't have gets none", async () => {
    const wanted = agentCredential().getToken("https://contoso.example/.default");
    await expect(wanted).rejects.toThrow("AADSTS70011");
  });
});

describe("managed identity", () => {
  const managedIdentity = (clientId = FUNCTIONS.clientId) =>
    new ManagedIdentityCredential({ clientId, retryOptions: { maxRetries: 0 } });

  test("the token has the form that Azurite takes and its time is told", async () => {
    const { token, expiresOnTimestamp } = await managedIdentity().getToken(`${STORAGE}/.default`);
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      aud: STORAGE,
      iss: `https://sts.windows.net/${TENANT}/`,
      oid: FUNCTIONS.objectId,
      appid: FUNCTIONS.clientId,
    });
    expect(expiresOnTimestamp).toBe((claims.exp ?? 0) * 1000);
  });

  test("its granted app roles are in the token of that resource only", async () => {
    const graph = await managedIdentity().getToken(`${GRAPH}/.default`);
    expect(decodeJwt(graph.token).roles).toEqual(["User.Read.All", "GroupMember.Read.All"]);
    const vault = await managedIdentity().getToken("https://vault.azure.net/.default");
    expect(decodeJwt(vault.token).roles).toBeUndefined();
  });

  test("an application that is no managed identity gets none", async () => {
    const wanted = managedIdentity(AGENT.clientId).getToken(`${STORAGE}/.default`);
    await expect(wanted).rejects.toThrow("No user-assigned managed identity");
  });

  test("a process without the header's secret gets none", async () => {
    const query = `api-version=2019-08-01&resource=${STORAGE}&client_id=${FUNCTIONS.clientId}`;
    const url = `${tenant.identity.managedIdentityEndpoint}?${query}`;
    expect((await fetch(url)).status).toBe(401);
    const guessed = await fetch(url, { headers: { "x-identity-header": "guess" } });
    expect(guessed.status).toBe(401);
    const { managedIdentityHeader } = tenant.identity;
    const good = await fetch(url, { headers: { "x-identity-header": managedIdentityHeader } });
    expect(good.status).toBe(200);
  });
});
