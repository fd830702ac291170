import { readFile, writeFile } from "node:fs/promises";
import { ClientCertificateCredential } from "@azure/identity";
import { decodeJwt } from "jose";
import { type SetupPlace, startSetupPlace, TENANT } from "./entraFixture.ts";

let place: SetupPlace;
beforeEach(async () => {
  place = await startSetupPlace();
});
afterEach(() => place.stop());

const agents = () =>
  place.identity.objects.applications.filter(({ uniqueName }) => uniqueName?.includes("-agent-"));

test("an agent gets an application of its own, the app role and the group; once", async () => {
  await place.run("api");
  const { file, fingerprint, key } = await place.request("agent-2");
  const told = await place.run("agent", file, "--what-if");
  expect(told.code).toBe(0);
  expect(told.out).toContain(fingerprint);
  expect(told.out).toContain("would be done: makes an application with the certificate");
  expect(agents()).toEqual([]);

  const done = await place.run("agent", file, "--fingerprint", fingerprint);
  expect(done).toMatchObject({ code: 0, errors: "" });
  const { objects } = place.identity;
  const [application] = agents();
  expect(application).toMatchObject({
    uniqueName: "password-writeback-agent-agent-2",
    signInAudience: "AzureADMyOrg",
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", key }],
  });
  const principal = objects.servicePrincipals.find(({ appId }) => appId === application?.appId);
  expect(objects.rolesGivenTo(principal?.id ?? "")).toEqual(["Agent"]);
  expect(objects.groups.map(({ members }) => members)).toEqual([[principal?.id]]);
  expect(done.out).toContain(application?.appId);
  expect(done.out).toContain(principal?.id);

  const { applications, assignments, groups } = objects;
  const again = await place.run("agent", file, "--fingerprint", fingerprint);
  expect(again.out).toContain("nothing to do");
  expect(objects.applications).toBe(applications);
  expect(objects.assignments).toBe(assignments);
  expect(objects.groups).toBe(groups);
});

test("the agent signs in with its certificate and gets a token with the role it needs", async () => {
  await place.run("api");
  const { file, fingerprint, pemFile } = await place.request("agent-2");
  await place.run("agent", file, "--fingerprint", fingerprint);
  const { authority, objects } = place.identity;
  const api = objects.applications.find(({ uniqueName }) => uniqueName?.endsWith("-api"));
  const [agent] = agents();
  const credential = new ClientCertificateCredential(
    TENANT,
    agent?.appId ?? "",
    { certificatePath: pemFile },
    { authorityHost: authority, disableInstanceDiscovery: true },
  );
  const { token } = await credential.getToken(`${api?.appId}/.default`);
  const principal = objects.servicePrincipals.find(({ appId }) => appId === agent?.appId);
  expect(decodeJwt(token)).toMatchObject({
    aud: api?.appId,
    ver: "2.0",
    azp: agent?.appId,
    azpacr: "2",
    oid: principal?.id,
    roles: ["Agent"],
  });
});

test("a further certificate stands beside the first one", async () => {
  await place.run("api");
  const first = await place.request("agent-2");
  const second = await place.request("agent-2");
  for (const { file, fingerprint } of [first, second])
    expect(await place.run("agent", file, "--fingerprint", fingerprint)).toMatchObject({ code: 0 });
  const keys = agents().map(({ keyCredentials }) => keyCredentials.map(({ key }) => key));
  expect(keys).toEqual([[first.key, second.key]]);
});

test("what failed half-way is gone on with by the same command", async () => {
  await place.run("api");
  const { file, fingerprint } = await place.request("agent-2");
  for (const path of [/appRoleAssignedTo$/, /members\/\$ref$/]) {
    place.identity.graph.fail({ status: 400, path });
    expect((await place.run("agent", file, "--fingerprint", fingerprint)).code).toBe(1);
  }
  expect((await place.run("agent", file, "--fingerprint", fingerprint)).code).toBe(0);
  const { objects } = place.identity;
  expect(agents()).toHaveLength(1);
  expect(objects.assignments).toHaveLength(1);
  expect(objects.groups.map(({ members }) => members.length)).toEqual([1]);
});

test("nothing is done for another request than the one told, an altered one, or without an API", async () => {
  const one = await place.request("agent-2");
  const other = await place.request("agent-2");
  const early = await place.run("agent", one.file, "--fingerprint", one.fingerprint);
  expect(early).toMatchObject({ code: 1, errors: expect.stringContaining('"api" first') });
  await place.run("api");
  const wrong = await place.run("agent", one.file, "--fingerprint", other.fingerprint);
  expect(wrong).toMatchObject({ code: 1, errors: expect.stringContaining("Nothing was done") });
  const given = JSON.parse(await readFile(one.file, "utf8"));
  await writeFile(one.file, JSON.stringify({ ...given, id: "agent-3" }));
  const altered = await place.run("agent", one.file, "--what-if");
  expect(altered).toMatchObject({ code: 1, errors: expect.stringContaining("no request") });
  expect((await place.run("agent", other.file)).code).toBe(2);
  expect(agents()).toEqual([]);
});
