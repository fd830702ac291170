import { ROOT_KEY_NAME, SIGNING_KEY_NAME } from "../../../local/stack/operator.ts";
import type { Desk } from "../../../operator/desk.ts";
import { verifyCertificate } from "../../../protocol/certificate.ts";
import { enrolmentFingerprint } from "../../../protocol/enrolment.ts";
import { headerMember } from "../../../protocol/signedObject.ts";
import { publicKey, type TrustList, verifyTrustList } from "../../../protocol/trustList.ts";
import { CommandError } from "../../../workstation/commandError.ts";
import type { TestCloud } from "../functions/testCloud.ts";
import { startOperated, type Workstation } from "./operatorFixture.ts";

const MINUTE = 60_000;
const ROLL = ["roll-signing-key", "--yes"];
const SECOND = "7d3c2f10-0000-4000-8000-00000000b902";

let cloud: TestCloud;
let desk: Workstation;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ cloud, desk, stop } = await startOperated());
});
afterAll(() => stop());

const newestVersion = async () => (await cloud.half.vault.ensureKey(SIGNING_KEY_NAME)).id;
async function inForce(): Promise<TrustList> {
  const { jws } = await cloud.table("ground").getEntity<{ jws: string }>("ground", "trust");
  const root = await cloud.half.vault.ensureKey(ROOT_KEY_NAME);
  return verifyTrustList(jws, publicKey.parse(root.publicJwk), 0);
}
const listed = async () => (await inForce()).signingKeys.map(({ kid }) => kid);

/** The certificate that functions answer with; the agent says which list it has. */
async function certificateInUse(serial: number): Promise<string> {
  const { answer } = (await (await cloud.half.heartbeat({ serial })).json()) as { answer: string };
  return headerMember(answer, "certificate") ?? "";
}
const signerOf = (certificate: string) => headerMember(certificate, "kid");

/** A clock on which waiting takes no time; `waits` sees each wait. */
function clock(waits: (milliseconds: number) => Promise<unknown> = async () => {}) {
  const begun = Date.now();
  const state = { now: begun };
  const change = (given: Desk): Desk => ({
    ...given,
    now: () => state.now,
    sleep: async (milliseconds) => {
      state.now += milliseconds;
      await waits(milliseconds);
    },
  });
  return { change, passed: () => state.now - begun };
}
const acknowledge = async () => certificateInUse((await inForce()).serial);

test("a planned roll goes over three lists; functions change over with the second", async () => {
  const [old] = await listed();
  await acknowledge();
  const seen: (readonly (string | undefined)[])[] = [];
  const { change, passed } = clock(async () => {
    const keys = await listed();
    seen.push([...keys, "used:", signerOf(await acknowledge())]);
  });
  const { code, out } = await desk.run(ROLL, change);
  const next = await newestVersion();
  expect(code).toBe(0);
  expect(next).not.toBe(old);
  expect(seen).toEqual([
    [next, old, "used:", old],
    [old, next, "used:", next],
  ]);
  expect(await listed()).toEqual([next]);
  expect(signerOf(await acknowledge())).toBe(next);
  expect(out).toContain("Waiting for agent-1 (list ");
  expect(out).toContain(`--id ${old} --enabled false`);
  expect(passed()).toBeLessThan(7 * MINUTE);
});

test("an agent that never acknowledges is named and holds nothing up", async () => {
  await cloud.half.heartbeat({ serial: 1 });
  const { change, passed } = clock();
  const { code, out } = await desk.run(ROLL, change);
  expect(code).toBe(0);
  expect(out).toMatch(/Going on without agent-1 \(list 1\): after ten minutes/);
  expect(await listed()).toEqual([await newestVersion()]);
  expect(passed()).toBeGreaterThan(16 * MINUTE - 10_000);
  expect(passed()).toBeLessThan(17 * MINUTE);
});

test("an API that does not say which agents have the list holds nothing up", async () => {
  const { change, passed } = clock();
  const { code, out } = await desk.run(ROLL, (given) => ({
    ...change(given),
    agents: () => Promise.reject(new CommandError("no answer")),
  }));
  expect([code, await listed()]).toEqual([0, [await newestVersion()]]);
  expect(out).toContain("Going on without the API to say");
  expect(passed()).toBeLessThan(17 * MINUTE);
});

describe("whoever rolls may die at any step", () => {
  const killed = () => Promise.reject(new CommandError("killed"));
  const wait = (which: number) => () => {
    let waits = 0;
    return clock(() => (++waits === which ? killed() : acknowledge())).change;
  };
  /** Dies before or after the list is in force that is signed as the given one. */
  const issue = (which: number, when: "before" | "after") => () => {
    let issued = 0;
    const { change } = clock(acknowledge);
    return (given: Desk): Desk => {
      const { authority } = given;
      const really = authority.issue.bind(authority);
      authority.issue = async (...list) => {
        const isLast = ++issued === which;
        if (isLast && when === "before") return killed();
        await really(...list);
        if (isLast) await killed();
      };
      return change(given);
    };
  };

  test.each<[string, () => (given: Desk) => Desk]>([
    ["after the new version was made", issue(1, "before")],
    ["after it was announced", issue(1, "after")],
    ["while agents learn of it", wait(1)],
    ["before it is used", issue(2, "before")],
    ["after it is used", issue(2, "after")],
    ["while requests end", wait(2)],
    ["before the old one goes", issue(3, "before")],
    ["after the old one went", issue(3, "after")],
  ])("%s: the system works, and the same command goes on", async (when, die) => {
    const [old] = await listed();
    await cloud.half.heartbeat({ serial: 1 });
    expect(await desk.run(ROLL, die())).toMatchObject({ code: 1, errors: "killed\n" });
    const next = await newestVersion();
    expect(next).not.toBe(old);
    expect((await cloud.half.heartbeat()).status).toBe(200);
    if (when === "after the old one went") {
      expect(await listed()).toEqual([next]);
      return;
    }
    expect((await desk.run(ROLL, clock(acknowledge).change)).code).toBe(0);
    expect([await newestVersion(), await listed()]).toEqual([next, [next]]);
  });
});

test("an agent that is added meanwhile stays on the list", async () => {
  await cloud.half.heartbeat({ serial: 1 });
  const request = await desk.request("agent-2");
  let added = false;
  const { change } = clock(async () => {
    const argv = ["add-agent", request.file, "--service-principal", SECOND, "--yes"];
    argv.push("--fingerprint", enrolmentFingerprint(request));
    if (!added) expect((await desk.run(argv)).code).toBe(0);
    added = true;
    await acknowledge();
  });
  expect((await desk.run(ROLL, change)).code).toBe(0);
  const { agents, signingKeys } = await inForce();
  expect(agents.map(({ id }) => id)).toEqual(["agent-1", "agent-2"]);
  expect(signingKeys.map(({ kid }) => kid)).toEqual([await newestVersion()]);
});

test("a compromised key goes with one list: functions change over at once, its certificates fail", async () => {
  const stolen = await acknowledge();
  const [old] = await listed();
  const { serial } = await inForce();
  await verifyCertificate(stolen, await inForce(), Date.now() / 1_000);
  const { code, out } = await desk.run([...ROLL, "--compromised"]);
  const list = await inForce();
  const next = await newestVersion();
  expect([code, list.serial, await listed()]).toEqual([0, serial + 1, [next]]);
  expect(out).toContain(`--id ${old} --enabled false`);
  await expect(verifyCertificate(stolen, list, Date.now() / 1_000)).rejects.toMatchObject({
    code: "certificateInvalid",
  });
  expect(signerOf(await certificateInUse(serial))).toBe(next);
});

test("a compromised key goes in the middle of a planned roll, too", async () => {
  await cloud.half.heartbeat({ serial: 1 });
  const stuck = clock(() => Promise.reject(new CommandError("killed"))).change;
  expect((await desk.run(ROLL, stuck)).code).toBe(1);
  const both = await listed();
  expect(both).toHaveLength(2);
  expect((await desk.run([...ROLL, "--compromised"])).code).toBe(0);
  const [only, ...more] = await listed();
  expect([only, more]).toEqual([await newestVersion(), []]);
  expect(both).not.toContain(only);
});

test("a planned roll that waits meanwhile brings none of the old versions back", async () => {
  await cloud.half.heartbeat({ serial: 1 });
  const before: string[] = [];
  const { change } = clock(async () => {
    if (before.length > 0) return;
    before.push(...(await listed()));
    expect((await desk.run([...ROLL, "--compromised"])).code).toBe(0);
  });
  const { code, out } = await desk.run(ROLL, change);
  const [only, ...more] = await listed();
  expect([code, before.length, only, more]).toEqual([0, 2, await newestVersion(), []]);
  expect(before).not.toContain(only);
  expect(out).toContain(`Functions sign with ${only} alone`);
});
