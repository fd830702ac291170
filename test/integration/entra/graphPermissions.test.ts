import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { ENTRA_ROLES } from "../../../functions/access/entraRoles.ts";
import { isEnabled } from "../../../functions/people/accountEnabled.ts";
import { type GraphCall, graphClient } from "../../../functions/people/graph.ts";
import { Memberships } from "../../../functions/people/memberships.ts";
import { Roles } from "../../../functions/people/roles.ts";
import { userFinder } from "../../../functions/people/userFacts.ts";
import { GRAPH_NEEDS, GRAPH_PERMISSIONS } from "../../../infra/entra/graphPermissions.ts";
import { readCalls } from "../../../local/identity/graph/graphCalls.ts";
import { GRAPH } from "../../../local/identity/resource.ts";
import { FUNCTIONS, SYNCED, startTenant, type Tenant } from "../../contract/identityFixture.ts";

const GROUP = "0f0f0f0f-0000-4000-8000-000000000001";
const SAMPLE = "11111111-2222-4333-8444-555555555555";

let tenant: Tenant;
beforeAll(async () => {
  tenant = await startTenant();
  setDefaultCACertificates([...getCACertificates("default"), tenant.certificates.ca]);
  tenant.identity.groups.set([{ id: GROUP, members: [SYNCED.id], isAssignableToRole: true }]);
  tenant.identity.roles.set({
    assigned: [{ principalId: GROUP, roleDefinitionId: ENTRA_ROLES.helpdeskAdministrator }],
  });
});
afterAll(async () => {
  await Promise.allSettled(calls);
  await tenant.stop();
});

/** A reader that fails leaves its other calls behind, and a server waits for them. */
const calls: Promise<unknown>[] = [];

/** The functions' client of Graph, with these permissions; tells what it was asked for. */
function graphWith(permissions: readonly string[]) {
  const application = { ...FUNCTIONS, appRoles: { [GRAPH]: permissions } };
  const { graphUrl } = tenant.identity;
  const client = graphClient(graphUrl, {
    getToken: async () => ({
      token: await tenant.identity.mintToken({
        audience: GRAPH,
        subject: { kind: "app", application },
      }),
      expiresOnTimestamp: Date.now() + 3_600_000,
    }),
  });
  const asked = new Set<string>();
  const graph: GraphCall = (path, options) => {
    const { pathname } = new URL(path, graphUrl);
    asked.add(`${options?.body === undefined ? "GET" : "POST"} ${pathname}`);
    const call = client(path, options);
    calls.push(call);
    return call;
  };
  return { graph, asked };
}

/** Everything that the functions ask Graph, by their own readers. */
async function readAll(graph: GraphCall) {
  const roles = new Roles(graph, tenant.identity.graphUrl);
  const memberships = new Memberships(graph, Date.now);
  const answers = await Promise.all([
    userFinder(graph)(SYNCED.id).then(({ id }) => id),
    isEnabled(graph, SYNCED.id),
    roles.rightsOf(SYNCED.id).then((rights) => [...rights]),
    roles.heldBy(SYNCED.id).then(({ marks }) => [...marks]),
    memberships.isMemberOf(SYNCED.id, [GROUP]).then((groups) => [...groups]),
    memberships.canTell(GROUP),
  ]);
  return answers;
}

const templateOf = (path: string): string =>
  path.slice("/v1.0".length).replaceAll(SYNCED.id, "{id}").replaceAll(GROUP, "{id}");

const rows = GRAPH_NEEDS.map(({ method, path }) => `${method} ${path}`).sort();

test("the table has every call that the readers make, and no other", async () => {
  const { graph, asked } = graphWith(GRAPH_PERMISSIONS);
  expect(await readAll(graph)).toEqual([
    SYNCED.id,
    true,
    [ENTRA_ROLES.helpdeskAdministrator],
    ["roleAssignableGroup"],
    [GROUP],
    true,
  ]);
  const made = [...asked].map((call) => {
    const [method = "", path = ""] = call.split(" ");
    return `${method} ${templateOf(path)}`;
  });
  expect([...new Set(made)].sort()).toEqual(rows);
});

test.each(GRAPH_PERMISSIONS)("without %s something is not told", async (left) => {
  const { graph } = graphWith(GRAPH_PERMISSIONS.filter((permission) => permission !== left));
  await expect(readAll(graph)).rejects.toMatchObject({ code: "userFactsUnavailable" });
});

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll("/", "\\/").replaceAll("{id}", "[^/]+")}$`);

/** Paths of Graph that stand in the code, whether a test has run them or not. */
const written = readdirSync("functions", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => {
    const text = readFileSync(join("functions", name), "utf8");
    const asksGraph = /\bGraph(?:Call|List)\b/.test(text);
    const paths = [...text.matchAll(/["`]\/v1\.0(\/[^"`?]*)/g)].map(([, path = ""]) => path);
    return asksGraph ? paths.map((path) => ({ name, path })) : [];
  });

test("each path of Graph in the code is one of the table", () => {
  expect(written.length).toBeGreaterThanOrEqual(GRAPH_NEEDS.length - 1);
  const unknown = written.filter(({ path }) => {
    const pattern = patternOf(path.replaceAll(/\$\{[^}]*\}/g, "{id}"));
    return !GRAPH_NEEDS.some((need) => pattern.test(need.path));
  });
  expect(unknown).toEqual([]);
});

test("whatever is asked for is written as a path that begins the same, or is a list's next page", () => {
  const texts = written.map(({ name }) => readFileSync(join("functions", name), "utf8"));
  const readers = [...new Set(texts), readFileSync("functions/people/graphList.ts", "utf8")];
  const found = (pattern: RegExp) =>
    readers.flatMap((text) => [...text.matchAll(pattern)].map(([, what = ""]) => what));
  const asked = found(/\b(?:graph|list)\(\s*([^\s,)?]+)/g);
  expect(asked.length).toBeGreaterThanOrEqual(GRAPH_NEEDS.length);
  const known = /^(?:path|next|`\$\{path\}|["`]\/v1\.0\/.*)$/;
  expect(asked.filter((what) => !known.test(what))).toEqual([]);
  const paths = found(/\bpath = (\S+)/g);
  expect(paths.filter((path) => !/^["`]\/v1\.0\//.test(path))).toEqual([]);
});

test("Graph is asked by the readers only: nothing else has its client", () => {
  const others = readdirSync("functions", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("people/"))
    .filter((name) => /\bGraph(?:Call|List)\b/.test(readFileSync(join("functions", name), "utf8")));
  expect(others).toEqual([]);
});

test.each(GRAPH_NEEDS)("the stand-in asks for what the table grants: $method $path", (need) => {
  const path = need.path.replaceAll("{id}", SAMPLE);
  const call = readCalls.find((one) => one.method === need.method && one.path.test(path));
  expect(call?.permissions).toBeDefined();
  expect(need.permissions.filter((one) => call?.permissions.includes(one))).not.toEqual([]);
});

test("the stand-in answers nothing to the functions that the table does not have", () => {
  const paths = GRAPH_NEEDS.map(({ method, path }) => [method, path.replaceAll("{id}", SAMPLE)]);
  const more = readCalls.filter(
    (call) => !paths.some(([method, path = ""]) => method === call.method && call.path.test(path)),
  );
  expect(more).toEqual([]);
});

/** Rows of the page: call and permissions. */
const documented = readFileSync("docs/administrators.md", "utf8")
  .split("\n")
  .filter((line) => /^\| `(?:GET|POST) \//.test(line))
  .map((line) => {
    const [, call = "", , permissions = ""] = line.split("|");
    const [method = "", path = ""] = (/`([^`?]+)/.exec(call)?.[1] ?? "").split(" ");
    const named = [...permissions.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    return { call: `${method} ${path}`, permissions: named.sort() };
  });

test("the page for administrators says the same", () => {
  const table = GRAPH_NEEDS.map(({ method, path, permissions }) => ({
    call: `${method} ${path}`,
    permissions: [...permissions].sort(),
  }));
  expect(documented.filter((row) => !isAmong(row, table))).toEqual([]);
  expect(table.filter((row) => !isAmong(row, documented))).toEqual([]);
});

const isAmong = (row: object, rows: readonly object[]): boolean =>
  rows.some((other) => JSON.stringify(other) === JSON.stringify(row));
