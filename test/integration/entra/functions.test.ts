import { execFile } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { graphClient } from "../../../functions/people/graph.ts";
import { Memberships } from "../../../functions/people/memberships.ts";
import { Roles } from "../../../functions/people/roles.ts";
import { userFinder } from "../../../functions/people/userFacts.ts";
import { GRAPH_PERMISSIONS } from "../../../infra/entra/graphPermissions.ts";
import { applicationsOf } from "../../../local/identity/graph/applicationsOf.ts";
import { GRAPH_CLIENT_ID } from "../../../local/identity/graph/directoryObjects.ts";
import { GRAPH } from "../../../local/identity/resource.ts";
import {
  FUNCTIONS,
  SETUP_PERMISSIONS,
  type SetupPlace,
  SYNCED,
  startSetupPlace,
} from "./entraFixture.ts";

let place: SetupPlace;
beforeEach(async () => {
  place = await startSetupPlace();
});
afterEach(() => place.stop());

const COMMAND = ["functions", "--identity", FUNCTIONS.objectId] as const;
const granted = () => place.identity.objects.rolesGivenTo(FUNCTIONS.objectId);

test("the functions' identity gets what the table says, once, and what is more is told", async () => {
  expect((await place.run(...COMMAND, "--what-if")).out).toContain("would be done: grants ");
  expect(granted()).toEqual([]);
  expect(await place.run(...COMMAND)).toMatchObject({ code: 0, errors: "" });
  expect(granted()).toEqual(GRAPH_PERMISSIONS);
  expect((await place.run(...COMMAND)).out).toBe("Everything was right: nothing to do.");
  expect(granted()).toEqual(GRAPH_PERMISSIONS);

  const { objects } = place.identity;
  const graph = objects.servicePrincipals.find(({ appId }) => appId === GRAPH_CLIENT_ID);
  const more = graph && objects.rolesOf(graph).find(({ value }) => value?.startsWith("Directory."));
  objects.assignments = [
    ...objects.assignments.slice(1),
    {
      id: "more",
      principalId: FUNCTIONS.objectId,
      resourceId: graph?.id ?? "",
      appRoleId: more?.id ?? "",
    },
  ];
  const repaired = await place.run(...COMMAND);
  expect(repaired.out).toContain(`now: grants ${GRAPH_PERMISSIONS[0]}`);
  expect(repaired.out).toContain("take it away: Directory.ReadWrite.All");
  expect(new Set(granted())).toEqual(new Set([...GRAPH_PERMISSIONS, "Directory.ReadWrite.All"]));
});

test("with what was granted the functions read everything that they ask for", async () => {
  const { identity } = place;
  const graph = graphClient(identity.graphUrl, {
    getToken: async () => ({
      token: await identity.mintToken({
        audience: GRAPH,
        subject: { kind: "app", application: functionsOf(place) },
      }),
      expiresOnTimestamp: 0,
    }),
  });
  const roles = new Roles(graph, identity.graphUrl);
  const refused = { code: "userFactsUnavailable" };
  await expect(userFinder(graph)(SYNCED.id)).rejects.toMatchObject(refused);
  await place.run(...COMMAND);
  expect(await userFinder(graph)(SYNCED.id)).toMatchObject({ synchronized: true });
  expect((await roles.heldBy(SYNCED.id)).roles.size).toBe(0);
  expect((await roles.rightsOf(SYNCED.id)).size).toBe(0);
  expect((await new Memberships(graph, Date.now).isMemberOf(SYNCED.id, [SYNCED.id])).size).toBe(0);
});

/** The identity as the tenant knows it at this moment. */
const functionsOf = ({ identity }: SetupPlace) =>
  applicationsOf(identity.objects, [FUNCTIONS])[0] ?? FUNCTIONS;

test("an application that is no managed identity is given nothing", async () => {
  const { objects } = place.identity;
  const other = objects.servicePrincipals.find((one) => one.servicePrincipalType === "Application");
  const ended = await place.run("functions", "--identity", other?.id ?? "");
  expect(ended).toMatchObject({ code: 1, errors: expect.stringContaining("no managed identity") });
  expect(objects.assignments).toEqual([]);
});

test("without the permission to grant, or without the identity, it ends with a message", async () => {
  const poor = await startSetupPlace(SETUP_PERMISSIONS.filter((name) => !/^AppRole/.test(name)));
  const ended = await poor.run(...COMMAND).finally(() => poor.stop());
  expect(ended.code).toBe(1);
  expect(ended.errors).toContain("/appRoleAssignedTo (403 Authorization_RequestDenied)");
  const nobody = await place.run("functions", "--identity", "11111111-2222-4333-8444-555555555555");
  expect(nobody).toMatchObject({ code: 1, errors: expect.stringContaining("principal id") });
  expect(granted()).toEqual([]);
});

test.each([
  ["functions", "--identity is missing"],
  ["functions --identity no-id", "--identity must be an object id, a GUID"],
  ["api more", "api takes options only"],
  ["agent", "REQUEST is missing"],
  ["agent request.json", "--fingerprint is missing; only --what-if goes without it"],
  ["unknown", 'unknown command "unknown"'],
  ["api --fingerprint AAAA", "api takes no --fingerprint"],
])("%s: %s", async (line, wrong) => {
  const { code, out, errors } = await place.run(...line.split(" "));
  expect([code, out]).toEqual([2, ""]);
  expect(errors).toMatch(/\.\n\nUsage: npm run entra -- \w+ /);
  expect(errors.split(".\n\n")[0]).toBe(wrong);
});

test("--help is no failure", async () => {
  const { code, out, errors } = await place.run("--help");
  expect([code, errors]).toEqual([0, ""]);
  expect(out).toMatch(/^Usage: npm run entra -- COMMAND/);
});

test("a key that others may read is not used", async () => {
  await chmod(join(place.profileFile, "../entra.pem"), 0o644);
  const ended = await place.run(...COMMAND);
  expect(ended).toMatchObject({
    code: 1,
    errors: expect.stringContaining("others than its owner"),
  });
});

test("as a process it does its work and ends with the code of the command", async () => {
  const start = (...argv: string[]) =>
    promisify(execFile)(join("node_modules", ".bin", "node"), ["infra/entra/main.ts", ...argv]);
  const { stdout } = await start(...COMMAND, "--profile", place.profileFile);
  expect(stdout.match(/^now: grants /gm)).toHaveLength(GRAPH_PERMISSIONS.length);
  expect(granted()).toEqual(GRAPH_PERMISSIONS);
  await expect(start("api", "--profile", "nowhere.json")).rejects.toMatchObject({
    code: 1,
    stderr: "The profile cannot be read: nowhere.json\n",
  });
});
