import { randomUUID } from "node:crypto";
import { guidDn } from "../../local/accounts/identifiers.ts";
import { Gate } from "../../local/directory/gate.ts";
import type { SimulatedDirectory } from "../../local/directory/simulatedDirectory.ts";
import { startSimulatedDirectory } from "../../local/directory/startSimulatedDirectory.ts";
import type { Child } from "../../local/stack/child.ts";
import { until } from "../integration/agent/scriptedCloud.ts";
import { standStill } from "../integration/agent/standStill.ts";
import { type CrashPerson, CrashStack, type Heard, NEW } from "./crashStack.ts";
import { agree, describeDirectoryCrashes } from "./crashSuite.ts";

let crash: CrashStack<SimulatedDirectory>;

beforeAll(async () => {
  crash = await CrashStack.start((certificates) => startSimulatedDirectory({ certificates }));
}, 120_000);
afterAll(() => crash?.stop(), 60_000);

/** One step after the send and before the reply at which the function host is killed. */
interface HostCell {
  readonly step: string;
  readonly newPassword: string;
  /** Whether the directory has carried the write out. */
  readonly carriedOut: boolean;
  /** Whether the reply lies on the bus already. */
  readonly replied: boolean;
  readonly applied: boolean;
  readonly reads: "succeeded" | "failed";
}

const done = { applied: true, reads: "succeeded" } as const;
const HOST_CELLS: readonly HostCell[] = [
  { step: "the write arrived", newPassword: NEW, carriedOut: false, replied: false, ...done },
  { step: "carried out", newPassword: NEW, carriedOut: true, replied: false, ...done },
  { step: "replied", newPassword: NEW, carriedOut: true, replied: true, ...done },
  {
    step: "refused and replied",
    newPassword: "short",
    carriedOut: true,
    replied: true,
    applied: false,
    reads: "failed",
  },
];

interface UnderWay {
  readonly cell: HostCell;
  readonly person: CrashPerson;
  readonly gate: Gate;
  readonly key: string;
  readonly answer: Promise<Heard>;
}
const underWay = new Map<HostCell, UnderWay>();

/** Its write waits in the directory. */
async function reach(cell: HostCell): Promise<UnderWay> {
  const person = await crash.person();
  const gate = new Gate();
  const key = randomUUID();
  const dn = guidDn(person.objectGuid).toLowerCase();
  crash.directory.faults.next(
    "modify",
    { kind: "hold", applied: cell.carriedOut, gate },
    (operation) => operation.kind === "modify" && operation.dn.toLowerCase() === dn,
  );
  const answer = crash.reset(person, cell.newPassword, key);
  await gate.arrived;
  return { cell, person, gate, key, answer };
}

test("the function host is killed at every step at once: its callers hear nothing", async () => {
  const { stack } = crash;
  const replies = stack.broker.queue("replies");
  for (const each of await Promise.all(HOST_CELLS.map(reach))) underWay.set(each.cell, each);
  const all = [...underWay.values()];
  const functions = stack.processes.functions as Child;
  await standStill(functions);
  const answered = all.filter(({ cell }) => cell.replied);
  const { enqueued } = replies.stats;
  for (const { gate } of answered) gate.release();
  await until("their replies are on the bus", () => {
    return replies.stats.enqueued >= enqueued + answered.length;
  });
  functions.kill("SIGKILL");
  expect(await Promise.all(all.map(({ answer }) => answer))).toEqual(all.map(() => ({})));
  for (const { gate } of all) gate.release();
  stack.restartFunctions();
  await stack.ready();
}, 60_000);

describeDirectoryCrashes(() => crash);

test("the agent is killed before one write and after another: both callers hear unknown", async () => {
  const { stack, directory } = crash;
  const [before, after] = [await crash.person(), await crash.person()];
  const [reading, written] = [new Gate(), new Gate()];
  directory.faults.next(
    "search",
    { kind: "hold", applied: true, gate: reading },
    // The search for the account: what was lost before is still being looked at by its GUID.
    (operation) => operation.kind === "search" && operation.scope === "sub",
  );
  const unwritten = crash.reset(before);
  await reading.arrived;
  directory.faults.next("modify", { kind: "hold", applied: true, gate: written });
  const unanswered = crash.reset(after);
  await written.arrived;
  stack.processes.agent.kill("SIGKILL");
  const unknown = { status: 500, code: "outcomeUnknown" };
  expect(await Promise.all([unwritten, unanswered])).toMatchObject([unknown, unknown]);

  const queue = stack.broker.queue("requests-corp");
  queue.expireLocks();
  stack.restartAgent();
  await until("both messages are settled", () => queue.size === 0);
  await agree(crash, after, { applied: true, reads: "succeeded" });
  await agree(crash, before, { applied: false, reads: "running" });
}, 60_000);

// The last ones: the agent is asked with its next heartbeat, which the cells above have waited for.
test.each(HOST_CELLS.map((cell) => [cell.step, cell] as const))(
  "after the function host was killed (%s) the truth arrives, and a repeat is told it",
  async (_, cell) => {
    const { person, key } = underWay.get(cell) as UnderWay;
    await agree(crash, person, cell);
    const repeat = await crash.reset(person, cell.newPassword, key);
    expect(repeat).toMatchObject({ status: cell.applied ? 200 : 400, replayed: true });
    expect(await crash.timesSet(person)).toBe(Number(cell.applied));
  },
  90_000,
);
