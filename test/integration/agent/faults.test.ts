import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalCertificates } from "../../../local/certificates.ts";
import type { Fault } from "../../../local/directory/faults.ts";
import { Gate } from "../../../local/directory/gate.ts";
import type { SimulatedDirectory } from "../../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../../local/directory/startSimulatedDirectory.ts";
import { OperationsFixture, type Person } from "./operations/fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-certificates-"));
const fixture = new OperationsFixture({ connect: 500, search: 500, modify: 1_000 });
let directory: SimulatedDirectory;
const NEXT = "Second-Meadow-28";

beforeEach(async () => {
  await fixture.open(async () => {
    directory = await startSimulatedDirectory({
      certificates: await LocalCertificates.open(folder),
    });
    return directory;
  });
});
afterEach(() => fixture.close());
afterAll(() => rmSync(folder, { recursive: true }));

const reset = (person: Person) =>
  fixture.run(person, { operation: "reset", newPassword: NEXT, mustChange: false });

/** Opens a connection and leaves it in the pool, as after an earlier job. */
async function warm(): Promise<void> {
  expect(await fixture.probe()).toMatchObject({ status: "succeeded" });
}

const LOSSES: [string, Fault & { readonly applied: boolean }][] = [
  ["dropped before it took effect", { kind: "drop", applied: false }],
  ["dropped after it took effect", { kind: "drop", applied: true }],
  ["hung, without effect", { kind: "silence", applied: false }],
  ["hung, with effect", { kind: "silence", applied: true }],
  ["garbage, without effect", { kind: "garbage", applied: false }],
  ["garbage, with effect", { kind: "garbage", applied: true }],
];

describe("the modify was sent and no answer came", () => {
  test.each(LOSSES)("%s: sent once more only if there was no effect", async (_, fault) => {
    const person = await fixture.person();
    await warm();
    const before = await fixture.state(person);
    const { keyVersion: keyVersionBefore } = before;
    const { modifies, connections } = directory.counters;
    directory.faults.next("modify", fault);
    const verdict = await reset(person);
    if (fault.applied)
      expect(verdict).toEqual({
        status: "unknown",
        code: "outcomeUnknown",
        directory: { server: "dc1.corp.example", policyEnforced: true, keyVersionBefore },
      });
    else
      expect(verdict).toEqual({
        status: "succeeded",
        detail: { wasLocked: false },
        directory: {
          ...{ server: "dc1.corp.example", policyEnforced: true, resent: true },
          ...{ keyVersionBefore, keyVersionAfter: keyVersionBefore + 1 },
        },
      });
    expect(directory.counters.modifies).toBe(modifies + (fault.applied ? 1 : 2));
    expect((await fixture.state(person)).keyVersion).toBe(before.keyVersion + 1);
    expect(await fixture.bind(person, NEXT)).toBe("ok");
    // The connection is gone for good: the rest was served on another one.
    expect(directory.counters.connections).toBeGreaterThan(connections);
  });

  test.each(LOSSES)("%s, and its answer cannot be told: sent once", async (_, fault) => {
    const person = await fixture.person({ mustChange: true });
    await warm();
    const { modifies } = directory.counters;
    directory.faults.next("modify", fault);
    expect(await reset(person)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
    expect(directory.counters.modifies).toBe(modifies + 1);
    expect(await fixture.bind(person, fault.applied ? NEXT : person.password)).toBe(
      fault.applied ? "ok" : "773",
    );
  });

  test.each([
    ["right", "First-Harbour-17", true, 0],
    ["wrong", "not-the-password", true, 1],
    ["wrong", "not-the-password", false, 0],
  ])("a change with the %s current password (%s, applied: %s) is sent once", async (...row) => {
    const [, currentPassword, applied, counted] = row;
    const person = await fixture.person();
    await warm();
    const { modifies } = directory.counters;
    directory.faults.next("modify", { kind: "drop", applied });
    const wish = { operation: "change", currentPassword, newPassword: NEXT } as const;
    expect(await fixture.run(person, wish)).toMatchObject({ status: "unknown" });
    expect(directory.counters.modifies).toBe(modifies + 1);
    expect((await fixture.state(person)).badPwdCount).toBe(counted);
  });

  test("idle connections have died as well: sent once more on a fresh one", async () => {
    const [person, one, other] = [
      await fixture.person(),
      await fixture.person(),
      await fixture.person(),
    ];
    await Promise.all([one, other].map(reset));
    const { modifies } = directory.counters;
    directory.faults.next("modify", { kind: "drop", applied: false });
    directory.faults.next(
      "search",
      { kind: "drop", applied: false },
      () => directory.counters.modifies > modifies,
    );
    expect(await reset(person)).toMatchObject({
      status: "succeeded",
      directory: { resent: true },
    });
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test("without a canary that tells, nothing is sent twice", async () => {
    const person = await fixture.person();
    const { modifies } = directory.counters;
    directory.faults.next("modify", { kind: "drop", applied: false });
    const settings = { ...fixture.settings, canary: "nobody@corp.example" };
    const wish = { operation: "reset", newPassword: NEXT, mustChange: false } as const;
    expect(await fixture.run(person, wish, fixture.job({ settings }))).toMatchObject({
      status: "unknown",
    });
    expect(directory.counters.modifies).toBe(modifies + 1);
  });

  test("an unlock is never sent twice: it has no condition", async () => {
    const person = await fixture.person();
    await warm();
    const { modifies } = directory.counters;
    directory.faults.next("modify", { kind: "drop", applied: false });
    expect(await fixture.run(person, { operation: "unlock" })).toMatchObject({ status: "unknown" });
    expect(directory.counters.modifies).toBe(modifies + 1);
  });

  test("one that takes effect late, after it was sent once more: one effect", async () => {
    const person = await fixture.person();
    await warm();
    const before = await fixture.state(person);
    const { modifies, modifiesApplied } = directory.counters;
    const gate = new Gate();
    directory.faults.next("modify", { kind: "hold", applied: false, gate });
    expect(await reset(person)).toMatchObject({ status: "succeeded" });
    gate.release();
    expect(await fixture.probe()).toMatchObject({ status: "succeeded" });
    expect(directory.counters.modifies).toBe(modifies + 2);
    expect(directory.counters.modifiesApplied).toBe(modifiesApplied + 1);
    expect((await fixture.state(person)).keyVersion).toBe(before.keyVersion + 1);
  });

  test("one that takes effect between the look and the second send: one effect, unknown", async () => {
    const person = await fixture.person();
    await warm();
    const before = await fixture.state(person);
    const [first, second] = [new Gate(), new Gate()];
    directory.faults.next("modify", { kind: "hold", applied: false, gate: first });
    directory.faults.next("modify", { kind: "hold", applied: false, gate: second });
    const verdict = reset(person);
    await second.arrived;
    first.release();
    second.release();
    expect(await verdict).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
    expect((await fixture.state(person)).keyVersion).toBe(before.keyVersion + 1);
    expect(await fixture.bind(person, NEXT)).toBe("ok");
  });

  test("the second answer is lost as well: it is not sent a third time", async () => {
    const person = await fixture.person();
    await warm();
    const { modifies } = directory.counters;
    directory.faults.next("modify", { kind: "drop", applied: false });
    directory.faults.next("modify", { kind: "drop", applied: true });
    expect(await reset(person)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
    expect(directory.counters.modifies).toBe(modifies + 2);
  });

  test.each([
    [53, "0000052D: SvcErr: DSID-0, problem 5003"],
    [50, "00000005: SecErr: DSID-0, problem 4003"],
    [32, "0000208D: NameErr: DSID-0"],
  ])("a refusal of the second send (%i %s) is no verdict", async (code, diagnostic) => {
    const person = await fixture.person();
    await warm();
    directory.faults.next("modify", { kind: "drop", applied: false });
    directory.faults.next("modify", { kind: "refuse", code, diagnostic });
    expect(await reset(person)).toMatchObject({ status: "unknown", code: "outcomeUnknown" });
  });
});

describe("nothing was sent: a definite failure", () => {
  const faults: [string, Fault][] = [
    ["dropped", { kind: "drop", applied: false }],
    ["hung", { kind: "silence", applied: false }],
    ["garbage", { kind: "garbage", applied: false }],
    ["busy", { kind: "refuse", code: 51, diagnostic: "0000200E: SvcErr: busy" }],
  ];
  test.each(faults)("the search is %s on a fresh connection", async (_, fault) => {
    const person = await fixture.person();
    const { modifies } = directory.counters;
    // The first search of a connection reads the rootDSE, the second one the account.
    directory.faults.next("search", { kind: "late", milliseconds: 0 });
    directory.faults.next("search", fault);
    expect(await reset(person)).toMatchObject({
      status: "failed",
      code: "directoryUnreachable",
    });
    expect(directory.counters.modifies).toBe(modifies);
    expect(await reset(person)).toMatchObject({ status: "succeeded" });
  });

  test.each(faults)(
    "the search is %s on a reused one: once more on a fresh one",
    async (_, fault) => {
      const person = await fixture.person();
      await warm();
      const { modifies, connections } = directory.counters;
      directory.faults.next("search", fault);
      expect(await reset(person)).toMatchObject({ status: "succeeded" });
      expect(directory.counters.modifies).toBe(modifies + 1);
      expect(directory.counters.connections).toBe(connections + 1);
    },
  );

  test("the directory has been restarted or is gone", async () => {
    const person = await fixture.person();
    await warm();
    await directory.kill();
    expect(await reset(person)).toMatchObject({
      status: "failed",
      code: "directoryUnreachable",
      directory: { server: "127.0.0.1" },
    });
  });

  test("the directory hangs, and answers again", async () => {
    const person = await fixture.person();
    await warm();
    directory.freeze();
    expect(await reset(person)).toMatchObject({ code: "directoryUnreachable" });
    directory.thaw();
    expect(await reset(person)).toMatchObject({ status: "succeeded" });
  });

  test("the directory's certificate is not for this name", async () => {
    const person = await fixture.person();
    const real = fixture.directory;
    fixture.directory = { ...real, servername: "dc2.corp.example" };
    const pool = fixture.newPool();
    fixture.directory = real;
    expect(await fixture.run(person, { operation: "unlock" }, fixture.job({ pool }))).toMatchObject(
      { status: "failed", code: "directoryUnreachable" },
    );
    expect(directory.counters.binds).toBeGreaterThan(0);
  });
});

describe("the directory answered: a definite failure, by its own code", () => {
  test.each([
    [51, "0000200E: SvcErr: DSID-0, problem 5001 (BUSY), data 0", "directoryUnreachable"],
    [52, "", "directoryUnreachable"],
    [1, "000004DC: LdapErr: DSID-0, comment: a bind must be completed", "directoryUnreachable"],
    [16, "00002085: AttErr: DSID-0", "superseded"],
    [53, "00002035: UpdErr: DSID-0", "directoryRefused"],
  ])("%i %j: %s", async (code, diagnostic, verdict) => {
    const person = await fixture.person();
    directory.faults.next("modify", { kind: "refuse", code, diagnostic });
    expect(await reset(person)).toMatchObject({
      status: "failed",
      code: verdict,
      directory: { resultCode: code },
    });
    expect(await fixture.bind(person, person.password)).toBe("ok");
  });
});

test("a wrong service password is tried once, not with every request", async () => {
  const person = await fixture.person();
  const pool = fixture.newPool({ name: "svc-writeback", password: "not-the-password" });
  const before = directory.counters.binds;
  for (let request = 0; request < 3; request += 1) {
    expect(await fixture.run(person, { operation: "unlock" }, fixture.job({ pool }))).toMatchObject(
      {
        status: "failed",
        code: "directoryUnreachable",
        directory: { resultCode: 49, win32: "80090308" },
      },
    );
  }
  expect(directory.counters.binds).toBe(before + 1);
});

test("eight jobs at once share the pool's two connections and all succeed", async () => {
  const people: Person[] = [];
  for (let made = 0; made < 8; made += 1) people.push(await fixture.person());
  const { connections } = directory.counters;
  const verdicts = await Promise.all(people.map(reset));
  expect(verdicts.every(({ status }) => status === "succeeded")).toBe(true);
  expect(directory.counters.connections).toBe(connections + 2);
});
