import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { canBind } from "../../../local/accounts/canBind.ts";
import { changePassword, resetPassword } from "../../../local/accounts/passwordChanges.ts";
import type { Fault } from "../../../local/directory/faults.ts";
import type { CrashPoint } from "./soakAgent.ts";
import { LOCKOUT_THRESHOLD, type World } from "./world.ts";

/** Nothing is kept beside the world: what is true of it, `truth` knows. */
export type Nothing = Record<string, never>;
type Command = fc.AsyncCommand<Nothing, World>;

const command = (name: string, run: (world: World) => Promise<void>): Command => ({
  check: () => true,
  run: async (_, world) => {
    await run(world);
    world.truth.check();
    if (world.isQuiet) await world.compare();
  },
  toString: () => name,
});

const applied = fc.boolean();
/** What becomes of the next modify. */
const fault: fc.Arbitrary<Fault | undefined> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("drop" as const), applied }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("silence" as const), applied }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("garbage" as const), applied }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("late" as const),
      milliseconds: fc.constantFrom(50, 200, 300, 450),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("refuse" as const),
      code: fc.constantFrom(1, 51, 52, 53, 80),
      diagnostic: fc.constantFrom("", "0000052D: SvcErr", "00002085: AtrErr", "0000200E: SvcErr"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("disconnect" as const),
      applied,
      code: fc.constantFrom(51, 52),
    }),
  },
);

interface Delivery {
  readonly agent: number;
  readonly fault: Fault | undefined;
  /** How many modifies meet the fault: the second one is sent again. */
  readonly faults: number;
  readonly crash: CrashPoint | "onceSent" | undefined;
  readonly losesReply: boolean;
  /** Somebody else sets a password between reading and writing, or right after the agent's end. */
  readonly overtaken: boolean;
  /** False: other things go on meanwhile. */
  readonly waits: boolean;
}

const delivery: fc.Arbitrary<Delivery> = fc.record({
  agent: fc.nat(1),
  fault,
  faults: fc.constantFrom(1, 1, 2),
  crash: fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        "beforeNote" as const,
        "afterNote" as const,
        "onceSent" as const,
        "onceSent" as const,
        "beforeReply" as const,
        "afterReply" as const,
      ),
    },
  ),
  losesReply: fc.nat(5).map((number) => number === 0),
  overtaken: fc.nat(4).map((number) => number === 0),
  waits: fc.nat(3).map((number) => number > 0),
});

const ONCE_SENT_MS = 20;
/** What an agent that is to die after its write meets: otherwise it would be too late. */
const UNHEARD: Fault = { kind: "silence", applied: true };
/** Agents write to `<GUID=…>`, everybody else by name. */
const byAgent = (operation: object): boolean =>
  "dn" in operation && String(operation.dn).startsWith("<GUID=");

const setElsewhere = (world: World): Promise<void> =>
  world.administrator.modify(world.dn, resetPassword(world.newPassword()));

async function deliver(
  world: World,
  message: World["messages"][number],
  { agent: at, crash, losesReply, waits, ...rest }: Delivery,
): Promise<void> {
  const agent = world.agents[at % world.agents.length];
  if (!agent) return;
  const { faults } = world.directory;
  const isLater = crash === "onceSent";
  const met = rest.fault ?? (isLater ? UNHEARD : undefined);
  if (met) for (let time = 0; time < rest.faults; time += 1) faults.next("modify", met, byAgent);
  const before = world.directory.counters.modifies;
  const work = world.deliver(message, agent, {
    losesReply,
    crash: isLater ? undefined : crash,
    meanwhile: rest.overtaken && !isLater ? () => setElsewhere(world) : undefined,
  });
  if (isLater) {
    const ended = work.then(() => true);
    const isSent = (): boolean => world.directory.counters.modifies > before;
    while (!isSent() && !(await Promise.race([ended, sleep(1, false)])));
    await sleep(ONCE_SENT_MS);
    agent.crash();
    if (rest.overtaken) await setElsewhere(world);
  }
  if (!waits) return;
  await work;
  faults.clear();
}

/** Words for a counterexample. */
const told = (name: string, ...details: unknown[]): string => `${name}${JSON.stringify(details)}`;

type Wished = (world: World) => object;
const WISHES: Readonly<Record<string, Wished>> = {
  change: (world) => ({
    operation: "change",
    currentPassword: world.truth.password,
    newPassword: world.newPassword(),
  }),
  changeNotKnowing: (world) => ({
    operation: "change",
    currentPassword: "Never-It-Was-0",
    newPassword: world.newPassword(),
  }),
  reset: (world) => ({
    operation: "reset",
    newPassword: world.newPassword(),
    mustChange: false,
  }),
  resetAndFlag: (world) => ({
    operation: "reset",
    newPassword: world.newPassword(),
    mustChange: true,
  }),
  unlock: () => ({ operation: "unlock" }),
  requireChange: () => ({ operation: "requireChange" }),
};
const wished = fc.constantFrom(...Object.entries(WISHES));

/** A new request, dealt with by an agent. */
const request = fc.tuple(wished, delivery).map(([[name, wish], way]) =>
  command(told(name, way), async (world) => {
    await world.revive();
    await deliver(world, await world.ask(wish(world)), way);
  }),
);

/** A message that was held before comes again: to the same agent or to another one. */
const again = fc.tuple(fc.nat(30), delivery).map(([at, way]) =>
  command(told("again", at, way), async (world) => {
    const message = world.messages[at % Math.max(1, world.messages.length)];
    await world.revive();
    if (message) await deliver(world, message, way);
  }),
);

const userChanges = command("userChanges", async (world) => {
  const next = world.newPassword();
  const changes = changePassword(world.truth.password, next);
  await world.administrator.modify(world.dn, changes).catch(() => {});
});

const resetElsewhere = command("resetElsewhere", setElsewhere);

const lockedOut = command("lockedOut", async ({ directory, dn }) => {
  for (let attempt = 0; attempt < LOCKOUT_THRESHOLD; attempt += 1)
    await canBind(directory, dn, "Never-It-Was-Either-1");
});

const timePasses = fc
  .constantFrom(5, 25, 70)
  .map((seconds) =>
    command(told("timePasses", seconds), async ({ time }) => time.pass(seconds * 1_000)),
  );

const restart = fc.nat(1).map((at) => command(told("restart", at), (world) => world.restart(at)));

/** Heartbeat answers name what the cloud has no outcome of. */
const heartbeat = command("heartbeat", async (world) => {
  await world.revive();
  for (const agent of world.agents) await agent.resolve(world.truth.unresolved);
});

/** Everything that may happen to an account and to the agents that work on it. */
export const commands = (most: number) =>
  fc.commands(
    [
      request,
      request,
      request,
      again,
      fc.constantFrom(userChanges, resetElsewhere, lockedOut, heartbeat),
      timePasses,
      restart,
    ],
    { maxCommands: most, size: "max" },
  );
