import { ClientCertificateCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { takeCertificate } from "../../../infra/entra/takeCertificate.ts";
import { newLeaf } from "../../unit/protocol/leaf.ts";
import { type SetupPlace, SYNCED, startSetupPlace, TENANT } from "./entraFixture.ts";

let place: SetupPlace;
let leaf: Awaited<ReturnType<typeof newLeaf>>;
let file: string;
beforeAll(async () => {
  leaf = await newLeaf("rsa");
});
beforeEach(async () => {
  place = await startSetupPlace();
  file = await place.write("portal.pem", leaf.certificate);
});
afterEach(() => place.stop());

const NOTHING = "Everything was right: nothing to do.";
const PORTAL = "SelfService.ReadWrite.All";
const DESK = "UserAuthenticationMethod.ReadWrite.All";

const client = (...options: string[]) =>
  place.run("client", "--name", "portal", "--certificate", file, ...options);
const clients = () =>
  place.identity.objects.applications.filter(({ uniqueName }) => uniqueName?.includes("-client-"));
const api = () =>
  place.identity.objects.applications.find(({ uniqueName }) => uniqueName?.endsWith("-api"));
const principalOf = (appId: string | undefined) =>
  place.identity.objects.servicePrincipals.find((one) => one.appId === appId);
const state = () => {
  const { applications, servicePrincipals, assignments, delegatedGrants } = place.identity.objects;
  return [applications, servicePrincipals, assignments, delegatedGrants];
};

test("a client gets an application, its certificate, the app role and the consent; once", async () => {
  await place.run("api");
  const empty = state();
  const told = await client("--role", PORTAL, "--what-if");
  expect(told).toMatchObject({ code: 0, errors: "" });
  expect(told.out).toContain("would be done: makes an application with the certificate");
  expect(state().every((list, at) => list === empty[at])).toBe(true);

  const done = await client("--role", PORTAL, "--scope", DESK);
  expect(done).toMatchObject({ code: 0, errors: "" });
  const [made] = clients();
  expect(made).toMatchObject({
    uniqueName: "password-writeback-client-portal",
    signInAudience: "AzureADMyOrg",
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify" }],
    requiredResourceAccess: [
      {
        resourceAppId: api()?.appId,
        resourceAccess: [
          { id: api()?.appRoles.find(({ value }) => value === PORTAL)?.id, type: "Role" },
          {
            id: api()?.api.oauth2PermissionScopes.find(({ value }) => value === DESK)?.id,
            type: "Scope",
          },
        ],
      },
    ],
  });
  const principal = principalOf(made?.appId);
  expect(place.identity.objects.rolesGivenTo(principal?.id ?? "")).toEqual([PORTAL]);
  expect(place.identity.objects.delegatedGrants).toEqual([
    {
      id: expect.any(String),
      clientId: principal?.id,
      consentType: "AllPrincipals",
      resourceId: principalOf(api()?.appId)?.id,
      scope: DESK,
    },
  ]);
  expect(done.out).toContain(`(setting ALLOWED_CLIENTS): ${made?.appId}`);

  const before = state();
  const again = await client("--role", PORTAL, "--scope", DESK);
  expect(again.out).toContain(NOTHING);
  expect(again.out).toContain(made?.appId);
  expect(state().every((list, at) => list === before[at])).toBe(true);
});

test("the client signs in with its certificate and gets a token with its role", async () => {
  await place.run("api");
  await client("--role", PORTAL);
  const [made] = clients();
  const certificatePath = await place.write("both.pem", `${leaf.key}\n${leaf.certificate}\n`);
  const { authority } = place.identity;
  const credential = new ClientCertificateCredential(
    TENANT,
    made?.appId ?? "",
    { certificatePath },
    { authorityHost: authority, disableInstanceDiscovery: true },
  );
  const { token } = await credential.getToken(`${api()?.appId}/.default`);
  expect(decodeJwt(token)).toMatchObject({ azp: made?.appId, azpacr: "2", roles: [PORTAL] });
});

test("a further certificate, role or scope stands beside what is there, and all is told", async () => {
  await place.run("api");
  await client("--role", PORTAL, "--scope", DESK);
  const { objects } = place.identity;
  const elsewhere = { resourceAppId: "00000003-0000-0000-c000-000000000000", resourceAccess: [] };
  objects.applications = objects.applications.map((one) =>
    one.uniqueName?.includes("-client-")
      ? { ...one, requiredResourceAccess: [elsewhere, ...one.requiredResourceAccess] }
      : one,
  );
  file = await place.write("next.pem", (await newLeaf("rsa")).certificate);
  const done = await client("--role", "Automation", "--scope", "Password.ReadWrite");
  expect(done).toMatchObject({ code: 0, errors: "" });
  const [made] = clients();
  expect(made?.keyCredentials).toHaveLength(2);
  expect(made?.requiredResourceAccess).toEqual([
    elsewhere,
    { resourceAppId: api()?.appId, resourceAccess: expect.any(Array) },
  ]);
  expect(Reflect.get(made?.requiredResourceAccess[1] ?? {}, "resourceAccess")).toHaveLength(4);
  expect(done.out).toContain(`App roles it has        ${PORTAL}, Automation`);
  expect(done.out).toContain(`Scopes consented to     ${DESK}, Password.ReadWrite`);
  expect(objects.delegatedGrants.map(({ scope }) => scope)).toEqual([`${DESK} Password.ReadWrite`]);
});

test("addresses that people come back to stand beside each other", async () => {
  await place.run("api");
  const addresses = ["https://portal.contoso.example/signed-in", "https://127.0.0.1:8443"];
  for (const address of [...addresses, ...addresses])
    expect(await client("--scope", DESK, "--redirect", address)).toMatchObject({ code: 0 });
  expect(clients()[0]?.web.redirectUris).toEqual(addresses);
  const again = await client("--scope", DESK, "--redirect", addresses[0] ?? "");
  expect(again.out).toContain(NOTHING);
});

test("who else signs in as the application, or may, is told before it is given anything", async () => {
  await place.run("api");
  const { objects } = place.identity;
  expect((await client()).out).not.toMatch(/Owners of|also signs in/);
  const stranger = (await newLeaf("rsa")).certificate.replace(/-----[^-]+-----|\s/g, "");
  objects.applications = objects.applications.map((one) =>
    one.uniqueName?.includes("-client-")
      ? {
          ...one,
          owners: [SYNCED.id],
          passwordCredentials: [{ hint: "abc" }],
          keyCredentials: [{ ...one.keyCredentials[0], key: stranger }],
        }
      : one,
  );
  const told = await client("--role", PORTAL, "--what-if");
  expect(told.out).toContain(
    `Owners of the application, who may sign in as it: ${SYNCED.userPrincipalName}\n` +
      "The application also signs in with other certificates (1) and secrets (1)",
  );
  expect(objects.assignments).toEqual([]);
});

test("names that others have chosen cannot move the cursor", async () => {
  await place.run("api");
  await client("--role", PORTAL, "--scope", DESK);
  const { objects } = place.identity;
  objects.applications = objects.applications.map((one) => ({
    ...one,
    appRoles: one.appRoles.map((role) => ({ ...role, value: `\u001b[2J${role.value}` })),
  }));
  objects.delegatedGrants = objects.delegatedGrants.map((one) => ({ ...one, scope: "\u001b[2J" }));
  const { code, out } = await client();
  expect(code).toBe(0);
  expect(out).not.toContain("\u001b");
  expect(out).toContain(`App roles it has        ?[2J${PORTAL}`);
});

test("a person's own consent is no consent for everybody", async () => {
  await place.run("api");
  await client();
  const { objects } = place.identity;
  const own = {
    id: "own",
    clientId: principalOf(clients()[0]?.appId)?.id ?? "",
    consentType: "Principal",
    resourceId: principalOf(api()?.appId)?.id ?? "",
    scope: DESK,
  };
  objects.delegatedGrants = [own];
  const done = await client("--scope", DESK, "--what-if");
  expect(done.out).toContain(`would be done: consents to the scope "${DESK}" for everybody`);
  expect(objects.delegatedGrants).toEqual([own]);
});

test("what failed half-way is gone on with, and what is not known yet is waited for", async () => {
  await place.run("api");
  const { graph, objects } = place.identity;
  for (const path of [
    /^\/servicePrincipals$/,
    /appRoleAssignedTo$/,
    /^\/oauth2PermissionGrants$/,
  ]) {
    graph.fail({ status: 400, path });
    expect((await client("--role", PORTAL, "--scope", DESK)).code).toBe(1);
  }
  const unknown = { status: 404, code: "Request_ResourceNotFound" };
  graph.fail({ ...unknown, path: /\/appRoleAssignments$/ }, 2);
  graph.fail({ ...unknown, path: /^\/oauth2PermissionGrants$/ }, 1);
  expect(await client("--role", PORTAL, "--scope", DESK)).toMatchObject({ code: 0, errors: "" });
  expect(place.waits).toEqual([5_000, 5_000, 5_000]);
  expect(clients()).toHaveLength(1);
  expect(objects.delegatedGrants).toHaveLength(1);
  expect(objects.assignments).toHaveLength(1);
});

test("nothing is done with a private key, with no certificate that will do, or without an API", async () => {
  const early = await client("--role", PORTAL);
  expect(early).toMatchObject({ code: 1, errors: expect.stringContaining('"api" first') });
  await place.run("api");
  const before = state();
  const refused = async (name: string, text: string) => {
    file = await place.write(name, text);
    const { code, out, errors } = await client("--role", PORTAL);
    expect([code, out]).toEqual([1, ""]);
    return errors;
  };
  const both = await refused("both.pem", `${leaf.key}\n${leaf.certificate}`);
  expect(both).toContain("private key");
  expect(both).not.toContain("BEGIN");
  const twice = `${leaf.certificate}\n${leaf.certificate}`;
  for (const text of [(await newLeaf("ec")).certificate, "no certificate", twice, ""])
    expect(await refused("wrong.pem", text)).toContain("not one RSA certificate");
  expect(await refused("long.pem", "x".repeat(20_000))).toContain("longer than");
  file = "nowhere.pem";
  expect((await client()).errors).toBe("The certificate cannot be read: nowhere.pem\n");
  expect(state().every((list, at) => list === before[at])).toBe(true);
});

test("a certificate is taken only while it is valid", async () => {
  const { validFromDate, validToDate } = await takeCertificate(file, Date.now());
  const refused = { message: expect.stringContaining("not valid at this time") };
  await expect(takeCertificate(file, validFromDate.getTime() - 1)).rejects.toMatchObject(refused);
  await expect(takeCertificate(file, validToDate.getTime() + 1)).rejects.toMatchObject(refused);
});

test("a role that the API has lost, or has disabled, is not given", async () => {
  await place.run("api");
  const { objects } = place.identity;
  objects.applications = objects.applications.map((one) => ({
    ...one,
    appRoles: one.appRoles.map((role) => ({ ...role, isEnabled: role.value !== PORTAL })),
  }));
  const ended = await client("--role", PORTAL);
  expect(ended).toMatchObject({ code: 1, errors: expect.stringContaining(`no "${PORTAL}"`) });
  expect(clients()).toEqual([]);
});

test("without a role and a scope it gets none, whatever the API offers", async () => {
  await place.run("api");
  const { objects } = place.identity;
  const nameless = { id: TENANT, isEnabled: true, allowedMemberTypes: ["Application"] };
  objects.applications = objects.applications.map((one) => ({
    ...one,
    appRoles: [nameless, ...one.appRoles],
  }));
  const done = await client();
  expect(done).toMatchObject({ code: 0, errors: "" });
  expect(done.out).toContain("App roles it has        none\nScopes consented to     none");
  expect(objects.assignments).toEqual([]);
  expect(objects.delegatedGrants).toEqual([]);
  expect(clients()[0]?.requiredResourceAccess).toEqual([]);
});

test.each([
  ["--role Agent", "--role must be SelfService.ReadWrite.All or Operator or Automation"],
  ["--role Person", "--role must be SelfService.ReadWrite.All or Operator or Automation"],
  ["--scope All", /^--scope must be Password\.ReadWrite or /],
  ["--redirect http://portal.contoso.example", /^--redirect must be one https address/],
  ["--redirect https://a:b@contoso.example/", /^--redirect must be one https address/],
  ["--redirect https://:8443", /^--redirect must be one https address/],
  ["--redirect https://contoso.example:8443:1", /^--redirect must be one https address/],
  ["--redirect https://*.contoso.example/#a", /^--redirect must be one https address/],
  ["--name Portal'", "--name must be small letters, digits and hyphens, 32 at most"],
])("client %s: wrong", async (options, wrong) => {
  const given = options.startsWith("--name") ? [] : ["--name", "portal"];
  const words = [...given, "--certificate", file, ...options.split(" ")];
  const { code, out, errors } = await place.run("client", ...words);
  expect([code, out]).toEqual([2, ""]);
  expect(errors.split(".\n\n")[0]).toMatch(wrong);
});
