import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPool } from "../../../agent/directory/openPool.ts";
import type { DirectoryPool } from "../../../agent/directory/pool.ts";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { SERVICE_ACCOUNT, userPrincipalName } from "../../../local/samples.ts";
import { seed } from "../../../local/seed.ts";
import { blackHole, type DeadEnd } from "./deadEnds.ts";
import { OperationsFixture, type Person } from "./operations/fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
const TIMEOUTS = { connect: 1_000, search: 1_000, modify: 1_000 };
const fixture = new OperationsFixture(TIMEOUTS);
/** Two domain controllers of one domain, of which the first is the PDC emulator. */
let dc1: SimulatedDirectory;
let dc2: SimulatedDirectory;
let pool: DirectoryPool;
let person: Person;

beforeEach(async () => {
  const certificates = await LocalCertificates.open(folder);
  await fixture.open(async () => {
    dc1 = await startSimulatedDirectory({ certificates });
    return dc1;
  });
  dc2 = await startSimulatedDirectory({ certificates, dnsHostName: "dc2.corp.example" });
  await seed(dc2);
  dc2.condition.rootDse = { dsServiceName: ["CN=NTDS Settings,CN=DC2,CN=Servers"] };
  person = await fixture.person();
  pool = poolOf([dc1, dc2]);
});
afterEach(async () => {
  pool.close();
  await dc2.stop();
  await fixture.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const poolOf = (controllers: readonly { url: string; servername: string }[]): DirectoryPool =>
  openPool(
    {
      domainControllers: controllers.map(({ url, servername }) => ({ url, servername })),
      ca: dc1.ca,
      bindDn: userPrincipalName(SERVICE_ACCOUNT),
      connections: 2,
      timeouts: TIMEOUTS,
    },
    async () => SERVICE_ACCOUNT.password,
  );

const reset = (used = pool) =>
  fixture.run(
    person,
    { operation: "reset", newPassword: "Second-Meadow-28", mustChange: false },
    fixture.job({ pool: used }),
  );
/** Where the next job would write. */
const server = async (used = pool): Promise<string | undefined> =>
  (await fixture.probe(fixture.job({ pool: used }))).directory?.server;

/** A slow one may answer a check after the others, and is known at the next. */
async function checked(used: DirectoryPool, expected: string): Promise<void> {
  const end = Date.now() + 10_000;
  while ((await used.check()).server !== expected)
    if (Date.now() > end) throw new Error(`${expected} is not first`);
}

test("the PDC emulator is written to wherever it stands in the list", async () => {
  const reversed = poolOf([dc2, dc1]);
  expect(await server(reversed)).toBe("dc2.corp.example");
  await checked(reversed, "dc1.corp.example");
  expect(await server(reversed)).toBe("dc1.corp.example");
  dc2.condition.rootDse = {};
  dc1.condition.rootDse = { dsServiceName: ["CN=NTDS Settings,CN=DC1,CN=Servers"] };
  await checked(reversed, "dc2.corp.example");
  expect(await server(reversed)).toBe("dc2.corp.example");
  reversed.close();
});

describe("a black hole in front", () => {
  let hole: DeadEnd;
  let behind: DirectoryPool;
  beforeEach(async () => {
    hole = await blackHole();
    behind = poolOf([{ url: hole.url, servername: "dc0.corp.example" }, dc1]);
  });
  afterEach(async () => {
    behind.close();
    await hole.stop();
  });

  test("is waited for once, and no later job comes near it", async () => {
    expect(await reset(behind)).toMatchObject({
      status: "succeeded",
      directory: { server: "dc1.corp.example" },
    });
    for (let job = 0; job < 5; job += 1) expect(await server(behind)).toBe("dc1.corp.example");
    expect(hole.tried).toBe(1);
  });

  test("does not hold up a check", async () => {
    expect(await behind.check()).toMatchObject({ server: "dc1.corp.example" });
  });
});

test("one that hangs in the middle of the reading is left for the other one", async () => {
  expect(await server()).toBe("dc1.corp.example");
  dc1.freeze();
  expect(await server()).toBe("dc2.corp.example");
  dc1.thaw();
  expect(await server()).toBe("dc2.corp.example");
});

test("a write whose answer is lost is never sent to the other one", async () => {
  const { modifies, connections } = dc2.counters;
  dc1.faults.next("modify", { kind: "drop", applied: false });
  expect((await reset()).directory).toMatchObject({ server: "dc1.corp.example" });
  expect(dc2.counters).toMatchObject({ modifies, connections });
});

test.each([
  ["read-only", () => Object.assign(dc1.condition, { readOnly: true })],
  [
    "not synchronised",
    () => Object.assign(dc1.condition, { rootDse: { isSynchronized: ["FALSE"] } }),
  ],
])("one that is %s gets no writes; alone it is refused by its own code", async (_, make) => {
  make();
  expect(await server()).toBe("dc2.corp.example");
  expect(await pool.check()).toMatchObject({ server: "dc2.corp.example" });
  const alone = poolOf([dc1]);
  const { modifies } = dc1.counters;
  expect(await reset(alone)).toMatchObject({ status: "failed", code: "directoryNotWritable" });
  await expect(alone.check()).rejects.toThrow("directoryNotWritable");
  expect(dc1.counters.modifies).toBe(modifies);
  alone.close();
});

test("a referral is a definite refusal: it is not followed, and nothing is written", async () => {
  const before = await fixture.state(person);
  expect(await server()).toBe("dc1.corp.example");
  dc1.condition.readOnly = true;
  const { modifies } = dc2.counters;
  expect(await reset()).toMatchObject({
    status: "failed",
    code: "directoryReferral",
    directory: { server: "dc1.corp.example", resultCode: 10, win32: "0000202B" },
  });
  expect(dc2.counters.modifies).toBe(modifies);
  expect(await fixture.state(person)).toEqual(before);
});

test("a search that is referred elsewhere is refused as well", async () => {
  const diagnostic = "0000202B: RefErr: DSID-0, data 0, 1 access points";
  const { connections } = dc2.counters;
  // The first search of a connection reads the rootDSE, the second one the account.
  dc1.faults.next("search", { kind: "late", milliseconds: 0 });
  dc1.faults.next("search", { kind: "refuse", code: 10, diagnostic });
  expect(await reset()).toMatchObject({
    status: "failed",
    code: "directoryReferral",
    directory: { server: "dc1.corp.example", resultCode: 10 },
  });
  expect(dc2.counters.connections).toBe(connections);
});
